import { SegmentedControl, Tabs } from "@mantine/core";
import { IconChartHistogram } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { insightRoutes } from "#contract/insights.ts";
import { ask } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { refreshMs } from "../app/query-client.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { LiveDot } from "../ui/LiveDot.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { PageLoading } from "../ui/PageLoading.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Toolbar } from "../ui/Toolbar.tsx";
import { BreakdownTable } from "./BreakdownTable.tsx";
import { Formulas, MetricRow } from "./MetricRow.tsx";
import { periodFrom, periods } from "./period.ts";
import { type Breakdown, wordsOf } from "./scope-words.ts";
import { TimelinePanel } from "./TimelinePanel.tsx";

const tabs: readonly Breakdown[] = ["journey", "message", "template"];

/** What became of all mail: the numbers of a period, over time, and by what sent it. */
export function OverviewPage() {
  const [{ days, by, q = "" }, setAddress] = useAddress();
  const period = periodFrom(days, new Date());
  const tab = tabs.find((one) => one === by) ?? "journey";
  const everything = useQuery(ask(insightRoutes.breakdown, { query: { by: "mailing", limit: 1 } }));
  const report = useQuery({
    ...ask(insightRoutes.report, { query: { from: period.from } }),
    refetchInterval: refreshMs.live,
    placeholderData: (before) => before,
  });
  if (everything.data?.items.length === 0) return <NothingYet />;
  return (
    <>
      <PageHeader
        title="Insights"
        lead="What became of the mail. People and machines are told apart; rates count people."
        actions={
          <SegmentedControl
            aria-label="Period"
            value={period.days}
            data={[...periods]}
            onChange={(value) => setAddress({ days: value })}
          />
        }
      />
      <Panel title="In this period" actions={<LiveDot at={report.data ? Date.parse(report.data.asOf) : 0} />}>
        {report.isError && <ProblemPanel error={report.error} onRetry={() => void report.refetch()} />}
        {report.isPending && <PageLoading />}
        {report.data && <MetricRow counts={report.data.counts} />}
      </Panel>
      <TimelinePanel from={period.from} />
      <Panel title="By what was sent" lead="All time, the latest first.">
        <Tabs
          value={tab}
          onChange={(value) => setAddress({ by: value ?? undefined, q: "" })}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {tabs.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {wordsOf(one).plural}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map((one) => (
            <Tabs.Panel key={one} value={one}>
              <Toolbar>
                <SearchField
                  label={`Search ${wordsOf(one).plural.toLowerCase()} by name`}
                  value={q}
                  onSearch={(text) => setAddress({ q: text })}
                />
              </Toolbar>
              <BreakdownTable by={one} search={q} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </Panel>
      <Formulas />
    </>
  );
}

function NothingYet() {
  return (
    <>
      <PageHeader title="Insights" />
      <EmptyState
        icon={<IconChartHistogram size={28} />}
        title="Nothing was sent yet"
        action={<a href={paths.journeys()}>Go to journeys</a>}
      >
        Once a journey sends its first messages, you see here within seconds who got them, opened them and
        followed their links, with the contacts behind every number.
      </EmptyState>
    </>
  );
}
