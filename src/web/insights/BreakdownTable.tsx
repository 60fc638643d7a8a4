import { Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type BreakdownRow, insightRoutes } from "#contract/insights.ts";
import { type MetricId, metricOf } from "#core/insights/metrics.ts";
import { askPages } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { formatNumber, formatShare } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { When } from "../ui/When.tsx";
import { type Breakdown, hrefOf, wordsOf } from "./scope-words.ts";

const shown: readonly MetricId[] = [
  "sent",
  "delivered",
  "open-rate",
  "click-rate",
  "bounces",
  "forwards",
  "unsubscribes",
];

function metricColumn(id: MetricId): Column<BreakdownRow> {
  const metric = metricOf(id);
  return {
    key: id,
    header: metric.label,
    align: "right",
    cell: ({ counts }) => {
      const value = metric.value(counts);
      return metric.unit === "share" ? formatShare(value) : formatNumber(value ?? 0);
    },
  };
}

const columnsOf = (by: Breakdown): readonly [Column<BreakdownRow>, ...Column<BreakdownRow>[]] => [
  { key: "name", header: wordsOf(by).singular, cell: ({ name }) => name },
  ...shown.map(metricColumn),
  { key: "startedAt", header: "Since", cell: ({ startedAt }) => <When at={startedAt} />, isMinor: true },
];

/** Journeys, messages, versions, templates or mailings with their numbers; each leads to its own page. */
export function BreakdownTable({
  by,
  of,
  search,
}: {
  readonly by: Breakdown;
  readonly of?: string;
  readonly search?: string;
}) {
  const list = useInfiniteQuery({
    ...askPages(insightRoutes.breakdown, { query: { by, of, search: search || undefined } }),
    refetchInterval: refreshMs.live,
  });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const words = wordsOf(by);
  if (list.isError) return <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <>
      <DataTable
        label={words.plural}
        columns={columnsOf(by)}
        rows={rows}
        rowKey={({ id }) => id}
        rowHref={({ id }) => hrefOf(id)}
        empty={
          <Text c="dimmed" size="sm">
            {search
              ? `No ${words.plural.toLowerCase()} of this name sent anything.`
              : "Nothing was sent yet."}
          </Text>
        }
      />
      <LoadMore
        shown={rows?.length ?? 0}
        noun={words.singular.toLowerCase()}
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}
