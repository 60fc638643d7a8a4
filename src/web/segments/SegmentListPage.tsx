import { ActionIcon, Button, NativeSelect } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconFilter, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { type SegmentSummary, segmentRoutes } from "#contract/segments.ts";
import { askPages } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { Toolbar } from "../ui/Toolbar.tsx";
import { When } from "../ui/When.tsx";
import { kindWords } from "./kind-words.ts";
import { useArchive } from "./use-archive.ts";

type Row = z.output<typeof SegmentSummary>;

const columns: readonly [Column<Row>, ...Column<Row>[]] = [
  { key: "name", header: "Name", cell: ({ name }) => name },
  { key: "description", header: "Description", cell: ({ description }) => description, isMinor: true },
  {
    key: "kind",
    header: "Kind",
    width: "150px",
    cell: ({ kind }) => <StatusBadge tone="quiet">{kindWords[kind].label}</StatusBadge>,
  },
  { key: "updatedAt", header: "Changed", width: "160px", cell: ({ updatedAt }) => <When at={updatedAt} /> },
  {
    key: "archive",
    header: "Archive or restore",
    isHeaderHidden: true,
    width: "60px",
    cell: (row) => <ArchiveButton row={row} />,
  },
];

/** All segments by name. */
export function SegmentListPage() {
  const [{ q = "", show }, setAddress] = useAddress();
  const archived = show === "archived" ? "yes" : "no";
  const kind = show === "dynamic" || show === "static" ? show : undefined;
  const list = useInfiniteQuery(
    askPages(segmentRoutes.list, { query: { search: q || undefined, kind, archived } }),
  );
  const rows = list.data?.pages.flatMap((page) => page.items);
  const newButton = useCan("segments:write") && (
    <Button component="a" href={paths.segmentNew()} leftSection={<IconPlus aria-hidden size={16} />}>
      New segment
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Segments"
        lead="Whom to reach: rules that are always up to date, or hand-picked lists."
        actions={newButton}
      />
      <Toolbar>
        <SearchField label="Search segments" value={q} onSearch={(text) => setAddress({ q: text })} />
        <NativeSelect
          aria-label="Show"
          value={show ?? "any"}
          onChange={(event) =>
            setAddress({ show: event.currentTarget.value === "any" ? undefined : event.currentTarget.value })
          }
          data={[
            { value: "any", label: "All but archived" },
            { value: "dynamic", label: kindWords.dynamic.label },
            { value: "static", label: kindWords.static.label },
            { value: "archived", label: "Archived" },
          ]}
        />
      </Toolbar>
      <DataTable
        label="Segments"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.segment({ id })}
        empty={
          q !== "" || show !== undefined ? (
            <EmptyState icon={<IconFilter size={32} />} title="No segment fits">
              Try another word or kind.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconFilter size={32} />} title="Choose whom to reach" action={newButton}>
              A segment is a rule such as “in New York and did not click in the last 30 days”. Journeys start
              from it.
            </EmptyState>
          )
        }
      />
      <LoadMore
        shown={rows?.length ?? 0}
        noun="segment"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}

function ArchiveButton({ row }: { readonly row: Row }) {
  const { archive, restore } = useArchive();
  if (!useCan("segments:write")) return null;
  const isArchived = row.archivedAt !== null;
  const Icon = isArchived ? IconArchiveOff : IconArchive;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`${isArchived ? "Restore" : "Archive"} ${row.name}`}
      onClick={() => void (isArchived ? restore(row) : archive(row))}
    >
      <Icon aria-hidden size={18} />
    </ActionIcon>
  );
}
