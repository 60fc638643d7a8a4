import type { Counts } from "#core/insights/counts.ts";
import { formatNumber } from "../ui/format.ts";
import { Panel } from "../ui/Panel.tsx";
import css from "./insights.module.css";
import { type Drill, type DrillMetric, NumberButton } from "./MetricRow.tsx";

const parts: readonly {
  readonly key: keyof Counts & string;
  readonly metric?: DrillMetric;
  readonly label: string;
}[] = [
  { key: "accepted", metric: "accepted", label: "accepted" },
  { key: "refused", metric: "refused", label: "refused" },
  { key: "skipped", metric: "skipped", label: "skipped" },
  { key: "givenUp", metric: "given-up", label: "given up" },
  { key: "inDoubt", metric: "in-doubt", label: "in doubt" },
  { key: "waiting", label: "waiting" },
];

/** Every recipient is in exactly one of these, at any time. */
export function Accounting({
  counts,
  onDrill,
}: {
  readonly counts: Counts;
  readonly onDrill: (drill: Drill) => void;
}) {
  const numberOf = (key: keyof Counts) => {
    const value = counts[key];
    return typeof value === "number" ? value : 0;
  };
  return (
    <Panel title="Where every recipient is" lead="Each is in exactly one of these, at any time.">
      <dl className={css.sum}>
        <div>
          <dt>recipients</dt>
          <dd>
            <NumberButton
              label="Recipients: show the contacts"
              onClick={() => onDrill({ metric: "recipients" })}
            >
              {formatNumber(counts.recipients)}
            </NumberButton>
          </dd>
        </div>
        {parts.map(({ key, metric, label }, place) => (
          <div key={key} data-sign={place === 0 ? "=" : "+"}>
            <dt>{label}</dt>
            <dd>
              {metric && numberOf(key) > 0 ? (
                <NumberButton label={`${label}: show the contacts`} onClick={() => onDrill({ metric })}>
                  {formatNumber(numberOf(key))}
                </NumberButton>
              ) : (
                formatNumber(numberOf(key))
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
