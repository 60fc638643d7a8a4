import type { journeyRoutes } from "#contract/journeys.ts";
import type { AnswerOf } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { formatNumber } from "../ui/format.ts";
import { LiveDot } from "../ui/LiveDot.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import { StatusBadge, type Tone } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";

type Journey = AnswerOf<typeof journeyRoutes.list>["items"][number];

const tones: Readonly<Record<Journey["state"], Tone>> = {
  draft: "quiet",
  live: "good",
  paused: "warn",
  stopped: "bad",
  completed: "info",
};

/** What is going on: people on their way, journey by journey. */
export function UnderWay({
  journeys,
  contacts,
  at,
}: {
  readonly journeys: readonly Journey[];
  readonly contacts: number;
  readonly at: number;
}) {
  const total = (count: (journey: Journey) => number) =>
    formatNumber(journeys.reduce((sum, journey) => sum + count(journey), 0));
  return (
    <>
      <Panel>
        <StatRow>
          <StatNumber label="Contacts" value={formatNumber(contacts)} href={paths.contacts()} />
          <StatNumber label="On their way now" value={total(({ inside }) => inside)} />
          <StatNumber label="Entered so far" value={total(({ entered }) => entered)} />
        </StatRow>
      </Panel>
      <Panel title="Journeys" lead="Those that changed last." actions={<LiveDot at={at} />}>
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
              cell: ({ state }) => <StatusBadge tone={tones[state]}>{state}</StatusBadge>,
            },
            {
              key: "inside",
              header: "On their way",
              align: "right",
              cell: ({ inside }) => formatNumber(inside),
            },
            {
              key: "entered",
              header: "Entered",
              align: "right",
              cell: ({ entered }) => formatNumber(entered),
            },
            { key: "at", header: "Changed", cell: ({ updatedAt }) => <When at={updatedAt} />, isMinor: true },
          ]}
        />
      </Panel>
    </>
  );
}
