import { Anchor, Box, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { mailingRoutes } from "#contract/delivery.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { formatDateTime, formatNumber } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { type AnswerOf, ask, useCall } from "./api.ts";
import { paths } from "./paths.ts";
import { refreshMs } from "./query-client.ts";
import { useCan } from "./session.ts";

type Held = AnswerOf<typeof mailingRoutes.attention>["items"][number];
type Late = NonNullable<Held["late"]>;

const changes = ["sending.", "mailings.", "insights."];

/** Mailings that wait for a person to look and decide, of one journey or of all; nothing at all while there are none. */
export function HeldMailings({ journeyId }: { readonly journeyId?: string }) {
  const canSee = useCan("messages:read");
  const { data } = useQuery({
    ...ask(mailingRoutes.attention, { query: { journeyId } }),
    refetchInterval: refreshMs.live,
    enabled: canSee,
  });
  if (!data || data.items.length === 0) return null;
  return (
    // Home keeps its panels apart by itself; the canvas of a journey does not.
    <Box mb={journeyId ? "md" : 0}>
      <Panel title="Needs attention" lead="Look at the reason first. What waits is kept.">
        <DataTable
          label="Mailings that need attention"
          rows={data.items}
          rowKey={({ mailingId }) => mailingId}
          empty={null}
          columns={[
            {
              key: "message",
              header: "Message",
              cell: ({ messageName, journeyId: from, journeyName }) => (
                <>
                  <Text size="sm" fw={600}>
                    {messageName}
                  </Text>
                  {!journeyId && from && (
                    <Anchor size="sm" href={paths.journey({ id: from })}>
                      {journeyName}
                    </Anchor>
                  )}
                </>
              ),
            },
            { key: "state", header: "State", cell: (held) => <HeldState held={held} /> },
            { key: "reason", header: "Reason", cell: (held) => <Reason held={held} /> },
            { key: "queued", header: "Waiting", align: "right", cell: ({ queued }) => formatNumber(queued) },
            {
              key: "do",
              header: "Actions",
              isHeaderHidden: true,
              align: "right",
              cell: (held) => <Actions held={held} />,
            },
          ]}
        />
      </Panel>
    </Box>
  );
}

function HeldState({ held: { isPaused, isTripped, late } }: { readonly held: Held }) {
  if (isPaused) return <StatusBadge tone="bad">{isTripped ? "Paused by itself" : "Paused"}</StatusBadge>;
  return <StatusBadge tone="warn">{late ? "Late" : "Goes on"}</StatusBadge>;
}

function Reason({ held: { reason, late } }: { readonly held: Held }) {
  return (
    <Stack gap={4} maw="60ch">
      {reason && <Text size="sm">{reason}</Text>}
      {late && <Text size="sm">{lateWords(late)}</Text>}
    </Stack>
  );
}

function lateWords({ messages, plannedFrom, plannedTo }: Late): string {
  const [from, to] = [formatDateTime(plannedFrom), formatDateTime(plannedTo)];
  const when = from === to ? `at ${from}` : `between ${from} and ${to}`;
  return `${formatNumber(messages)} ${messages === 1 ? "message was" : "messages were"} planned ${when}, when nothing could leave. What is planned now goes on.`;
}

function Actions({ held }: { readonly held: Held }) {
  const canStop = useCan("sending:stop");
  if (!canStop) return null;
  return (
    <Group gap="xs" justify="flex-end">
      {held.isPaused && <Resume held={held} />}
      {held.late && <DecideLate held={held} late={held.late} />}
    </Group>
  );
}

function Resume({ held: { mailingId, messageName, queued } }: { readonly held: Held }) {
  const resume = useCall(mailingRoutes.resume, { changes });
  return (
    <ConfirmButton
      question={{
        title: `Let “${messageName}” go on?`,
        body: `It goes on where it stopped; ${formatNumber(queued)} wait. What happened until now does not pause it again; what comes next may.`,
        action: "Let it go on",
        isDangerous: false,
      }}
      onConfirmed={async () => {
        await resume.mutateAsync({ params: { id: mailingId } });
        notify.done("The mailing goes on");
      }}
    >
      Let it go on
    </ConfirmButton>
  );
}

function DecideLate({ held, late }: { readonly held: Held; readonly late: Late }) {
  const send = useCall(mailingRoutes.sendLate, { changes });
  const skip = useCall(mailingRoutes.skipLate, { changes });
  const { mailingId, messageName } = held;
  const many = `${formatNumber(late.messages)} late ${late.messages === 1 ? "message" : "messages"}`;
  return (
    <>
      <ConfirmButton
        question={{
          title: `Send ${many} now?`,
          body: `“${messageName}” was meant to arrive ${formatDateTime(late.plannedFrom)}. It leaves at once, unless the mailing or its journey is paused.`,
          action: "Send now",
          isDangerous: false,
        }}
        onConfirmed={async () => {
          await send.mutateAsync({ params: { id: mailingId } });
          notify.done("They leave now");
        }}
      >
        Send now
      </ConfirmButton>
      <ConfirmButton
        question={{
          title: `Skip ${many}?`,
          body: `Nobody of them gets “${messageName}” from here. They are counted as skipped for being late. This cannot be undone.`,
          action: "Skip these",
        }}
        onConfirmed={async () => {
          await skip.mutateAsync({ params: { id: mailingId } });
          notify.done("They are skipped");
        }}
      >
        Skip these
      </ConfirmButton>
    </>
  );
}
