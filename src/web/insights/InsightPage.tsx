import { Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { drillMetrics, insightRoutes } from "#contract/insights.ts";
import { type AnswerOf, ask } from "../app/api.ts";
import { useAddress, useParam } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { refreshMs } from "../app/query-client.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { formatNumber } from "../ui/format.ts";
import { LiveDot } from "../ui/LiveDot.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { Accounting } from "./Accounting.tsx";
import { BreakdownTable } from "./BreakdownTable.tsx";
import { ContactsBehind } from "./ContactsBehind.tsx";
import { LinkTable } from "./LinkTable.tsx";
import { type Drill, Formulas, MetricRow, NumberButton } from "./MetricRow.tsx";
import { outcomeWords, reasonWords } from "./reason-words.ts";
import { kindOf, wordsOf } from "./scope-words.ts";
import { TimelinePanel } from "./TimelinePanel.tsx";

type Report = AnswerOf<typeof insightRoutes.report>;

/** All numbers of a journey, message, live version, template or mailing, with the contacts behind each. */
export function InsightPage() {
  const id = useParam("id");
  const { data, dataUpdatedAt } = useSuspenseQuery({
    ...ask(insightRoutes.report, { query: { of: id } }),
    refetchInterval: refreshMs.live,
  });
  const [{ behind, link, reason }, setAddress] = useAddress();
  const metric = drillMetrics.find((one) => one === behind);
  const drill: Drill | undefined = metric && {
    metric,
    ...(link ? { link: Number(link) } : {}),
    ...(reason ? { reason } : {}),
  };
  const onDrill = (next: Drill) =>
    setAddress({
      behind: next.metric,
      link: next.link === undefined ? undefined : String(next.link),
      reason: next.reason,
    });
  const words = kindOf(id);
  return (
    <>
      <PageHeader
        title={data.name}
        lead={words && `${words.singular} · all time`}
        back={{ label: "Insights", href: paths.insights() }}
        actions={<LiveDot at={dataUpdatedAt} />}
      />
      <Panel title="Results">
        <MetricRow counts={data.counts} onDrill={onDrill} />
      </Panel>
      <Accounting counts={data.counts} onDrill={onDrill} />
      <TimelinePanel of={id} />
      {words?.kind !== "journey" && words?.kind !== "template" && (
        <LinkTable
          links={data.links}
          isOneVersion={words?.kind === "version" || words?.kind === "mailing"}
          onDrill={onDrill}
        />
      )}
      {data.reasons.length > 0 && <Reasons reasons={data.reasons} onDrill={onDrill} />}
      {words?.parts.map((part) => (
        <Panel key={part} title={wordsOf(part).plural}>
          <BreakdownTable by={part} of={id} />
        </Panel>
      ))}
      {data.forwardedCopies.recipients > 0 && (
        <Panel
          title="Forwarded copies"
          lead="What friends did with the copies they were sent. Not part of the results above."
        >
          <MetricRow counts={data.forwardedCopies} />
        </Panel>
      )}
      <Formulas />
      <ContactsBehind
        of={id}
        drill={drill}
        onClose={() => setAddress({ behind: undefined, link: undefined, reason: undefined })}
      />
    </>
  );
}

function Reasons({
  reasons,
  onDrill,
}: {
  readonly reasons: Report["reasons"];
  readonly onDrill: (drill: Drill) => void;
}) {
  return (
    <Panel title="Not delivered, and why">
      <DataTable
        label="Reasons"
        rows={reasons}
        rowKey={({ outcome, reason }) => `${outcome}/${reason}`}
        empty={<Text size="sm">Everything was delivered.</Text>}
        columns={[
          { key: "reason", header: "Reason", cell: ({ reason }) => reasonWords(reason) },
          { key: "outcome", header: "What became of it", cell: ({ outcome }) => outcomeWords(outcome) },
          {
            key: "count",
            header: "Recipients",
            align: "right",
            cell: ({ outcome, reason, count }) => (
              <NumberButton
                label={`${reasonWords(reason)}: show the contacts`}
                onClick={() => onDrill({ metric: outcome, reason })}
              >
                {formatNumber(count)}
              </NumberButton>
            ),
          },
        ]}
      />
    </Panel>
  );
}
