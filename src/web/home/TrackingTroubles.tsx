import { Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { troubleRoutes } from "#contract/tracking.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { formatCount, formatDateTime } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";

type Troubles = AnswerOf<typeof troubleRoutes.list>;

/** Machines that lost opens and clicks, or may hold unsubscribes; nothing at all while there are none. */
export function TrackingTroubles() {
  const canSee = useCan("messages:read");
  const { data } = useQuery({
    ...ask(troubleRoutes.list, {}),
    refetchInterval: refreshMs.calm,
    enabled: canSee,
  });
  if (!data || data.lost.length + data.silent.length === 0) return null;
  const isSettled = data.lost.length > 0 || data.silent.some(({ isWaitedFor }) => !isWaitedFor);
  return (
    <Panel title="Opens, clicks and unsubscribes" tone="bad" actions={isSettled && <Seen at={data.at} />}>
      <Stack gap="md">
        {data.silent.map((silent) => (
          <Silent key={`${silent.host} ${silent.heardAt}`} silent={silent} />
        ))}
        {data.lost.map((lost) => (
          <Lost key={lost.host} lost={lost} />
        ))}
      </Stack>
    </Panel>
  );
}

function Silent({ silent: { host, heardAt, isWaitedFor } }: { readonly silent: Troubles["silent"][number] }) {
  return (
    <div>
      <Text fw={600} component="div">
        {host} has been silent since {formatDateTime(heardAt)}{" "}
        <StatusBadge tone={isWaitedFor ? "warn" : "bad"}>
          {isWaitedFor ? "Mail waits for it" : "Mail goes on without it"}
        </StatusBadge>
      </Text>
      <Text size="sm" c="dimmed" maw="72ch">
        {isWaitedFor
          ? "It takes unsubscribes and may hold some that are not known here yet. Commercial mail waits for it for a minute."
          : "It takes unsubscribes and may still hold some on its disk. Start it again with the same data directory, and they are applied."}
      </Text>
    </div>
  );
}

function Lost({ lost: { host, hits, since, until } }: { readonly lost: Troubles["lost"][number] }) {
  return (
    <div>
      <Text fw={600} component="div">
        {host} lost {formatCount(hits, "open or click", "opens and clicks")}
      </Text>
      <Text size="sm" c="dimmed" maw="72ch">
        From {formatDateTime(since)} to {formatDateTime(until)} its disk was full, or what waits for the
        database had reached its limit. People got where they wanted; these are missing from the numbers. No
        unsubscribe was lost.
      </Text>
    </div>
  );
}

function Seen({ at }: { readonly at: string }) {
  const canSee = useCan("sending:stop");
  const seen = useCall(troubleRoutes.seen, { changes: ["tracking."] });
  if (!canSee) return null;
  return (
    <Button
      variant="default"
      loading={seen.isPending}
      onClick={async () => {
        await seen.mutateAsync({ body: { at } });
        notify.done("What comes anew is shown again");
      }}
    >
      Seen, hide this
    </Button>
  );
}
