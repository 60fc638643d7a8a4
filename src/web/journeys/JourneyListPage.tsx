import { Button, NativeSelect } from "@mantine/core";
import { IconPlus, IconRoute } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { type JourneySummary, journeyRoutes } from "#contract/journeys.ts";
import { journeyStateSchema } from "#core/journeys/lifecycle.ts";
import { askPages } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatNumber } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { Toolbar } from "../ui/Toolbar.tsx";
import { When } from "../ui/When.tsx";
import { stateWords } from "./journey-state.ts";

type Row = z.output<typeof JourneySummary>;

const columns: readonly [Column<Row>, ...Column<Row>[]] = [
  { key: "name", header: "Name", cell: ({ name }) => name },
  {
    key: "state",
    header: "State",
    width: "140px",
    cell: ({ state }) => <StatusBadge tone={stateWords[state].tone}>{stateWords[state].label}</StatusBadge>,
  },
  {
    key: "entered",
    header: "Entered",
    align: "right",
    width: "120px",
    cell: ({ entered }) => formatNumber(entered),
  },
  {
    key: "inside",
    header: "On the way",
    align: "right",
    width: "120px",
    cell: ({ inside }) => formatNumber(inside),
  },
  {
    key: "updatedAt",
    header: "Changed",
    width: "160px",
    cell: ({ updatedAt }) => <When at={updatedAt} />,
    isMinor: true,
  },
];

const stateChoices = [
  { value: "any", label: "All but archived" },
  ...journeyStateSchema.options.map((value) => ({ value, label: stateWords[value].label })),
  { value: "archived", label: "Archived" },
];

/** All journeys, newest change first. */
export function JourneyListPage() {
  const [{ q = "", state }, setAddress] = useAddress();
  const chosen = state === "archived" ? state : (journeyStateSchema.safeParse(state).data ?? "any");
  const list = useInfiniteQuery({
    ...askPages(journeyRoutes.list, { query: { search: q || undefined, state: chosen } }),
    refetchInterval: refreshMs.calm,
  });
  const rows = list.data?.pages.flatMap((page) => page.items);
  const newButton = useCan("journeys:write") && (
    <Button component="a" href={paths.journeyNew()} leftSection={<IconPlus aria-hidden size={16} />}>
      New journey
    </Button>
  );
  const isFiltered = q !== "" || chosen !== "any";
  return (
    <>
      <PageHeader
        title="Journeys"
        lead="The ways that contacts travel: who gets which message, when, and what happens next."
        actions={newButton}
      />
      <Toolbar>
        <SearchField label="Search journeys" value={q} onSearch={(text) => setAddress({ q: text })} />
        <NativeSelect
          aria-label="State"
          value={chosen}
          onChange={({ currentTarget: { value } }) =>
            setAddress({ state: value === "any" ? undefined : value })
          }
          data={stateChoices}
        />
      </Toolbar>
      <DataTable
        label="Journeys"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.journey({ id })}
        empty={
          isFiltered ? (
            <EmptyState icon={<IconRoute size={32} />} title="No journey fits">
              Try another word or state.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconRoute size={32} />} title="Draw your first journey" action={newButton}>
              Choose who enters, what they get and when. It is checked before it goes live.
            </EmptyState>
          )
        }
      />
      <LoadMore
        shown={rows?.length ?? 0}
        noun="journey"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}
