import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { mailingRoutes, sendingRoutes } from "#contract/delivery.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";

type Held = AnswerOf<typeof sendingRoutes.state>["held"][number];

/** Mailings that wait for a person to look and decide; nothing at all while there are none. */
export function HeldMailings() {
  const canSee = useCan("messages:read");
  const { data } = useQuery({
    ...ask(sendingRoutes.state, {}),
    refetchInterval: refreshMs.live,
    enabled: canSee,
  });
  if (!data || data.held.length === 0) return null;
  return (
    <Panel title="Needs attention" lead="Look at the reason first. What waits is kept.">
      <DataTable
        label="Mailings that need attention"
        rows={data.held}
        rowKey={({ mailingId }) => mailingId}
        empty={null}
        columns={[
          {
            key: "message",
            header: "Message",
            cell: ({ messageName, journeyId, journeyName }) => (
              <>
                <Text size="sm" fw={600}>
                  {messageName}
                </Text>
                {journeyId && (
                  <Anchor size="sm" href={paths.journey({ id: journeyId })}>
                    {journeyName}
                  </Anchor>
                )}
              </>
            ),
          },
          { key: "state", header: "State", cell: (held) => <HeldState held={held} /> },
          { key: "reason", header: "Reason", cell: ({ reason }) => <Text size="sm">{reason}</Text> },
          {
            key: "do",
            header: "Actions",
            isHeaderHidden: true,
            align: "right",
            cell: (held) => held.isPaused && <Resume held={held} />,
          },
        ]}
      />
    </Panel>
  );
}

function HeldState({ held: { isPaused, isTripped } }: { readonly held: Held }) {
  if (!isPaused) return <StatusBadge tone="warn">Goes on</StatusBadge>;
  return <StatusBadge tone="bad">{isTripped ? "Paused by itself" : "Paused"}</StatusBadge>;
}

function Resume({ held: { mailingId, messageName } }: { readonly held: Held }) {
  const canStop = useCan("sending:stop");
  const resume = useCall(mailingRoutes.resume, { changes: ["sending.", "mailings."] });
  if (!canStop) return null;
  return (
    <ConfirmButton
      question={{
        title: `Let “${messageName}” go on?`,
        body: "It goes on where it stopped. What happened until now does not pause it again; what comes next may.",
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
