import { SegmentedControl, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { eventRoutes, type MarketingEvent, type Registration, registrationStates } from "#contract/events.ts";
import { askPages } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { refreshMs } from "../app/query-client.ts";
import { type Column, DataTable } from "../ui/DataTable.tsx";
import { LoadMore } from "../ui/LoadMore.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { StatusBadge, type Tone } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";

const words: Record<Registration["state"], { readonly label: string; readonly tone: Tone }> = {
  registered: { label: "Registered", tone: "good" },
  waiting: { label: "Waiting", tone: "warn" },
  cancelled: { label: "Cancelled", tone: "quiet" },
};

const columns: readonly [Column<Registration>, ...Column<Registration>[]] = [
  { key: "email", header: "Contact", cell: ({ email }) => email },
  {
    key: "name",
    header: "Name",
    cell: ({ firstName, lastName }) => [firstName, lastName].filter(Boolean).join(" ") || "–",
  },
  {
    key: "state",
    header: "State",
    cell: ({ state }) => <StatusBadge tone={words[state].tone}>{words[state].label}</StatusBadge>,
  },
  {
    key: "registeredAt",
    header: "Since",
    cell: ({ registeredAt }) => <When at={registeredAt} />,
    isMinor: true,
  },
];

/** Who registered, in the order in which they did. */
export function Registrations({ event }: { readonly event: MarketingEvent }) {
  const [{ who }, setAddress] = useAddress();
  const state = registrationStates.find((one) => one === who);
  const list = useInfiniteQuery({
    ...askPages(eventRoutes.registrations, { params: { id: event.id }, query: { state, limit: 20 } }),
    refetchInterval: refreshMs.live,
  });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Panel
      title="People"
      actions={
        <SegmentedControl
          size="sm"
          aria-label="Which people to show"
          value={state ?? "all"}
          data={[
            { value: "all", label: "All" },
            ...registrationStates.map((value) => ({ value, label: words[value].label })),
          ]}
          onChange={(value) => setAddress({ who: value === "all" ? undefined : value })}
        />
      }
    >
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="People"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ contactId }) => paths.contact({ id: contactId })}
          empty={
            <Text c="dimmed" size="sm">
              {state === undefined
                ? "Nobody yet. Put the link of the registration page into a message: who comes from there registers with one button."
                : "Nobody."}
            </Text>
          }
        />
      )}
      <LoadMore
        shown={rows?.length ?? 0}
        noun="person"
        nouns="people"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </Panel>
  );
}
