import type { insightRoutes } from "#contract/insights.ts";
import type { journeyRoutes } from "#contract/journeys.ts";
import { type MetricId, metricOf } from "#core/insights/metrics.ts";
import type { AnswerOf } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { formatDateTime, formatNumber, formatShare } from "../ui/format.ts";
import { LiveDot } from "../ui/LiveDot.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import { StatusBadge, type Tone } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";

type Numbers = AnswerOf<typeof insightRoutes.home>;
type Journey = AnswerOf<typeof journeyRoutes.list>["items"][number];

const states: Readonly<Record<Journey["state"], { readonly tone: Tone; readonly label: string }>> = {
  draft: { tone: "quiet", label: "Draft" },
  live: { tone: "good", label: "Live" },
  paused: { tone: "warn", label: "Paused" },
  stopped: { tone: "bad", label: "Stopped" },
  completed: { tone: "info", label: "Completed" },
};

const shown = ["delivered", "open-rate", "click-rate", "unsubscribes"] as const satisfies readonly MetricId[];

/** A metric of some counts as it is shown: a number, a share, or a dash where there is nothing to divide by. */
function metricText(id: MetricId, counts: Numbers["counts"]): string {
  const { unit, value } = metricOf(id);
  const found = value(counts);
  return unit === "share" ? formatShare(found) : found === null ? "–" : formatNumber(found);
}

/** The few numbers of the workspace: who is here, what waits to be sent, and what became of the last 30 days' mail. */
export function Figures({
  numbers,
  at,
  isLive,
}: {
  readonly numbers: Numbers;
  readonly at: number;
  readonly isLive: boolean;
}) {
  return (
    <Panel title="The last 30 days" actions={<LiveDot at={at} isLive={isLive} />}>
      <StatRow>
        <StatNumber label="Contacts" value={formatNumber(numbers.contacts)} href={paths.contacts()} />
        <StatNumber label="Waiting to be sent" value={formatNumber(numbers.waiting)} />
        {shown.map((id) => (
          <StatNumber key={id} label={metricOf(id).label} value={metricText(id, numbers.counts)} />
        ))}
      </StatRow>
    </Panel>
  );
}

/** The journeys that changed last, with the people in them. */
export function JourneysNow({ journeys }: { readonly journeys: readonly Journey[] }) {
  return (
    <Panel title="Journeys" lead="Those that changed last.">
      <DataTable
        label="Journeys"
        rows={journeys}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.journey({ id })}
        empty={null}
        columns={[
          { key: "name", header: "Journey", cell: ({ name }) => name },
          {
            key: "state",
            header: "State",
            cell: ({ state }) => <StatusBadge tone={states[state].tone}>{states[state].label}</StatusBadge>,
          },
          {
            key: "inside",
            header: "On their way",
            align: "right",
            cell: ({ inside }) => formatNumber(inside),
          },
          { key: "entered", header: "Entered", align: "right", cell: ({ entered }) => formatNumber(entered) },
          { key: "at", header: "Changed", cell: ({ updatedAt }) => <When at={updatedAt} />, isMinor: true },
        ]}
      />
    </Panel>
  );
}

/** What was sent last, and what became of it. */
export function RecentMail({ recent }: { readonly recent: Numbers["recent"] }) {
  return (
    <Panel title="Latest mail">
      <DataTable
        label="Latest mail"
        rows={recent}
        rowKey={({ id }) => id}
        empty={null}
        columns={[
          { key: "name", header: "Message", cell: ({ name }) => <strong>{name}</strong> },
          { key: "at", header: "Began", cell: ({ startedAt }) => formatDateTime(startedAt), isMinor: true },
          ...(["recipients", "delivered", "open-rate", "click-rate"] as const).map((id) => ({
            key: id,
            header: metricOf(id).label,
            align: "right" as const,
            cell: ({ counts }: Numbers["recent"][number]) => metricText(id, counts),
          })),
        ]}
      />
    </Panel>
  );
}
