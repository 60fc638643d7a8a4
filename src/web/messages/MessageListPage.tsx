import { Button, NativeSelect } from "@mantine/core";
import { IconMail, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { z } from "zod";
import { type MessageSummary, messageRoutes, messageStates } from "#contract/messages.ts";
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
import { stateWords } from "./message-state.ts";

type Row = z.output<typeof MessageSummary>;

const columns: readonly [Column<Row>, ...Column<Row>[]] = [
  { key: "name", header: "Name", cell: ({ name }) => name },
  { key: "subject", header: "Subject", cell: ({ subject }) => subject, isMinor: true },
  {
    key: "state",
    header: "State",
    width: "190px",
    cell: ({ state }) => <StatusBadge tone={stateWords[state].tone}>{stateWords[state].label}</StatusBadge>,
  },
  { key: "updatedAt", header: "Changed", width: "160px", cell: ({ updatedAt }) => <When at={updatedAt} /> },
];

/** All messages, newest change first. */
export function MessageListPage() {
  const [{ q = "", state }, setAddress] = useAddress();
  const chosen = messageStates.find((each) => each === state) ?? "any";
  const list = useInfiniteQuery(
    askPages(messageRoutes.list, { query: { search: q || undefined, state: chosen } }),
  );
  const rows = list.data?.pages.flatMap((page) => page.items);
  const canWrite = useCan("messages:write");
  const newButton = canWrite && (
    <Button component="a" href={paths.messageNew()} leftSection={<IconPlus aria-hidden size={16} />}>
      New message
    </Button>
  );
  const isFiltered = q !== "" || chosen !== "any";
  return (
    <>
      <PageHeader
        title="Messages"
        lead="One email design each. Live messages wait on the server for journeys to send them."
        actions={newButton}
      />
      <Toolbar>
        <SearchField label="Search messages" value={q} onSearch={(text) => setAddress({ q: text })} />
        <NativeSelect
          aria-label="State"
          value={chosen}
          onChange={(event) =>
            setAddress({ state: event.currentTarget.value === "any" ? undefined : event.currentTarget.value })
          }
          data={[
            { value: "any", label: "All but archived" },
            ...messageStates.map((value) => ({ value, label: stateWords[value].label })),
          ]}
        />
      </Toolbar>
      <DataTable
        label="Messages"
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.message({ id })}
        empty={
          isFiltered ? (
            <EmptyState icon={<IconMail size={32} />} title="No message fits">
              Try another word or state.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconMail size={32} />} title="Write your first message" action={newButton}>
              Start from a template, see it as any contact would, and go live once the check passes.
            </EmptyState>
          )
        }
      />
      <LoadMore
        shown={rows?.length ?? 0}
        noun="message"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}
