import { Button } from "@mantine/core";
import { IconCalendarEvent, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type EventSummary, eventRoutes } from "#contract/events.ts";
import { askPages } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatDateTime, formatNumber } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { Toolbar } from "../ui/Toolbar.tsx";
import { placesWords, stateWords } from "./event-words.ts";

const columns: readonly [Column<EventSummary>, ...Column<EventSummary>[]] = [
  { key: "name", header: "Event", cell: ({ name }) => name },
  {
    key: "state",
    header: "State",
    cell: ({ state }) => <StatusBadge tone={stateWords[state].tone}>{stateWords[state].label}</StatusBadge>,
  },
  {
    key: "startsAt",
    header: "Starts",
    cell: ({ startsAt, timeZone }) => formatDateTime(startsAt, { timeZone }),
  },
  { key: "registered", header: "Registered", align: "right", cell: placesWords },
  { key: "waiting", header: "Waiting", align: "right", cell: ({ waiting }) => formatNumber(waiting) },
];

/** Everything that contacts can register for. */
export function EventListPage() {
  const [{ q = "" }, setAddress] = useAddress();
  const canWrite = useCan("events:write");
  const list = useInfiniteQuery(askPages(eventRoutes.list, { query: { search: q || undefined } }));
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const isEmpty = rows?.length === 0 && q === "";
  return (
    <>
      <PageHeader
        title="Events"
        lead="What contacts register for; journeys act on who did and who did not."
        actions={canWrite && !isEmpty && <NewEvent />}
      />
      {!isEmpty && (
        <Toolbar>
          <SearchField label="Search by name" value={q} onSearch={(text) => setAddress({ q: text })} />
        </Toolbar>
      )}
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Events"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => paths.event({ id })}
          empty={
            isEmpty ? (
              <EmptyState
                icon={<IconCalendarEvent size={28} />}
                title="No events yet"
                action={canWrite && <NewEvent />}
              >
                Give an event a date and a number of places. It gets a registration page, a waiting list and a
                calendar file, and a journey can thank or remind people.
              </EmptyState>
            ) : (
              <EmptyState
                icon={<IconCalendarEvent size={28} />}
                title="No event of this name"
                action={
                  <Button variant="default" onClick={() => setAddress({ q: "" })}>
                    Show all events
                  </Button>
                }
              >
                Searching looks anywhere in the name.
              </EmptyState>
            )
          }
        />
      )}
      <LoadMore
        shown={rows?.length ?? 0}
        noun="event"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}

function NewEvent() {
  return (
    <Button component="a" href={paths.eventNew()} leftSection={<IconPlus aria-hidden size={16} />}>
      New event
    </Button>
  );
}
