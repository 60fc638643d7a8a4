import { Code, Group } from "@mantine/core";
import { IconMailCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { deliveryRoutes } from "#contract/delivery.ts";
import { askPages, useCall } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatCount, formatDateTime } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { Toolbar } from "../ui/Toolbar.tsx";

const most = 1000;

/** Deliveries that may or may not have arrived, to be settled by hand. */
export function InDoubtPage() {
  const canSettle = useCan("sending:stop");
  const list = useInfiniteQuery(askPages(deliveryRoutes.inDoubt, { query: { limit: 200 } }));
  const resolve = useCall(deliveryRoutes.resolve, { changes: ["deliveries.", "sending.", "mailings."] });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const deliveryIds = rows?.map(({ id }) => id).slice(0, most) ?? [];
  const count = formatCount(deliveryIds.length, "delivery", "deliveries");
  async function settle(as: "accepted" | "resend"): Promise<void> {
    const { resolved } = await resolve.mutateAsync({ body: { deliveryIds, as } });
    notify.done(`${formatCount(resolved, "delivery", "deliveries")} settled`);
  }
  return (
    <>
      <PageHeader
        title="Deliveries in doubt"
        lead="The connection broke after the message was handed over and before the other side said yes. It may have arrived."
        back={{ label: "Sending", href: paths.sending() }}
      />
      {canSettle && deliveryIds.length > 0 && (
        <Toolbar>
          <Group gap="sm" style={{ flex: 1 }}>
            <ConfirmButton
              question={{
                title: `Count ${count} as accepted?`,
                body: "They are not sent again. Who did not get the message will not get it.",
                action: "Count as accepted",
                isDangerous: false,
              }}
              onConfirmed={() => settle("accepted")}
            >
              Count these {count} as accepted
            </ConfirmButton>
            <ConfirmButton
              question={{
                title: `Send ${count} again?`,
                body: "Under the same Message-ID, which lets many mail programs hide a second copy. Some people may see it twice.",
                action: "Send again",
              }}
              onConfirmed={() => settle("resend")}
            >
              Send these {count} again
            </ConfirmButton>
          </Group>
        </Toolbar>
      )}
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Deliveries in doubt"
          rows={rows}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon={<IconMailCheck size={28} />} title="Nothing is in doubt">
              Every message that was begun has an answer. Doubt only comes from a crash or a connection that
              broke in the one moment between handing over and the answer.
            </EmptyState>
          }
          columns={[
            { key: "address", header: "To", cell: ({ address }) => <strong>{address}</strong> },
            { key: "message", header: "Message", cell: ({ messageName }) => messageName },
            { key: "at", header: "When", isTight: true, cell: ({ at }) => (at ? formatDateTime(at) : "–") },
            { key: "reply", header: "Last heard", isMinor: true, cell: ({ reply }) => reply ?? "nothing" },
            { key: "id", header: "Delivery", isMinor: true, cell: ({ id }) => <Code>{id}</Code> },
          ]}
        />
      )}
      <LoadMore
        shown={rows?.length ?? 0}
        noun="delivery"
        nouns="deliveries"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </>
  );
}
