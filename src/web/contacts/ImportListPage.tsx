import { Button } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { importRoutes } from "#contract/imports.ts";
import { askPages } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatNumber } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import { importWords } from "./import-words.ts";

/** All imports, with what each of them did. */
export function ImportListPage() {
  const canImport = useCan("contacts:import");
  const list = useInfiniteQuery({
    ...askPages(importRoutes.list, {}),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some((one) => one.state === "running"))
        ? refreshMs.live
        : false,
  });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const start = canImport && (
    <Button component="a" href={paths.importNew()} leftSection={<IconFileImport aria-hidden size={16} />}>
      Import a file
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Imports"
        back={{ label: "Contacts", href: paths.contacts() }}
        actions={rows?.length ? start : undefined}
      />
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Imports"
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => paths.import({ id })}
          empty={
            <EmptyState icon={<IconFileImport size={28} />} title="No imports yet" action={start}>
              A CSV file of any size, with one row per person. Rows that do not fit are kept for you to
              correct; they never stop the others.
            </EmptyState>
          }
          columns={[
            { key: "file", header: "File", cell: ({ fileName }) => fileName },
            {
              key: "state",
              header: "State",
              cell: ({ state }) => (
                <StatusBadge tone={importWords[state].tone}>{importWords[state].words}</StatusBadge>
              ),
            },
            {
              key: "created",
              header: "Added",
              align: "right",
              cell: ({ progress }) => formatNumber(progress.createdRows),
            },
            {
              key: "updated",
              header: "Updated",
              align: "right",
              cell: ({ progress }) => formatNumber(progress.updatedRows),
            },
            {
              key: "failed",
              header: "Not taken",
              align: "right",
              cell: ({ progress }) => formatNumber(progress.failedRows),
            },
            { key: "at", header: "When", cell: ({ createdAt }) => <When at={createdAt} /> },
          ]}
        />
      )}
      <LoadMore
        shown={rows?.length ?? 0}
        noun="import"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}
