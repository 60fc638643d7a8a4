import { Button, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { drillMetrics } from "#contract/insights.ts";
import type { ByAgent, Counts } from "#core/insights/counts.ts";
import { type MetricId, metricOf, metrics } from "#core/insights/metrics.ts";
import { formatNumber, formatShare } from "../ui/format.ts";
import { Panel } from "../ui/Panel.tsx";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import css from "./insights.module.css";

export type DrillMetric = (typeof drillMetrics)[number];
export type Drill = { readonly metric: DrillMetric; readonly link?: number; readonly reason?: string };

/** A number of a metric, as people read it. */
function show(id: MetricId, counts: Counts): string {
  const metric = metricOf(id);
  const value = metric.value(counts);
  return metric.unit === "share" ? formatShare(value) : formatNumber(value ?? 0);
}

function machines({ machineFirst, humanAll }: ByAgent): string {
  return `${formatNumber(humanAll)} in all, ${formatNumber(machineFirst)} by machines`;
}

/** The main numbers. With `onDrill` those that stand for contacts are buttons. */
export function MetricRow({
  counts,
  onDrill,
}: {
  readonly counts: Counts;
  readonly onDrill?: (drill: Drill) => void;
}) {
  const number = (id: MetricId, metric: DrillMetric | undefined, note?: ReactNode) => (
    <StatNumber
      label={metricOf(id).label}
      value={
        metric && onDrill ? (
          <NumberButton
            label={`${metricOf(id).label}: show the contacts`}
            onClick={() => onDrill({ metric })}
          >
            {show(id, counts)}
          </NumberButton>
        ) : (
          show(id, counts)
        )
      }
      note={note}
    />
  );
  return (
    <StatRow>
      {number("sent", undefined)}
      {number("delivered", "accepted", `${show("delivery-rate", counts)} of sent`)}
      {number("opens", "opens", `${show("open-rate", counts)} · ${machines(counts.opens)}`)}
      {number("clicks", "clicks", `${show("click-rate", counts)} · ${machines(counts.clicks)}`)}
      {number("click-to-open", undefined)}
      {number("bounces", undefined)}
      {number("forwards", "forwards")}
      {number("unsubscribes", "unsubscribes", show("unsubscribe-rate", counts))}
    </StatRow>
  );
}

/** A number that opens the list of contacts behind it. */
export function NumberButton({
  label,
  onClick,
  children,
}: {
  readonly label: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Button variant="transparent" className={css.number} onClick={onClick} title={label}>
      {children}
    </Button>
  );
}

/** How every number is made, in the words of its definition. */
export function Formulas() {
  return (
    <Panel title="How these numbers are made">
      <dl className={css.formulas}>
        {metrics.map(({ id, label, formula }) => (
          <div key={id}>
            <dt>{label}</dt>
            <dd>{formula}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm" c="dimmed" mt="sm">
        A click appears about five seconds after it happened: only then is it known whether a person or a
        scanner followed the links.
      </Text>
    </Panel>
  );
}
