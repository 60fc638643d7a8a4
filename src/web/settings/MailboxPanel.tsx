import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconInbox } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { bounceMailboxRoutes } from "#contract/feedback.ts";
import { ask, useCall } from "../app/api.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatNumber } from "../ui/format.ts";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { StatNumber, StatRow } from "../ui/StatNumber.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import { MailboxForm } from "./MailboxForm.tsx";
import type { BounceMailbox } from "./mailbox-values.ts";

/** The mailbox that is looked into for bounces, and how that goes. */
export function MailboxPanel() {
  const canWrite = useCan("settings:write");
  const [isOpen, panel] = useDisclosure(false);
  const state = useQuery({ ...ask(bounceMailboxRoutes.show, {}), refetchInterval: refreshMs.calm });
  const remove = useCall(bounceMailboxRoutes.remove, { changes: [bounceMailboxRoutes.show.id] });
  const mailbox = state.data?.mailbox ?? undefined;
  return (
    <Panel
      title="Mailbox"
      lead="Where bounces go to a mailbox that you have, it is looked into by IMAP."
      actions={
        mailbox &&
        canWrite && (
          <Group gap="sm">
            <Button variant="default" onClick={panel.open}>
              Edit
            </Button>
            <ConfirmButton
              question={{
                title: "Remove the mailbox?",
                body: "Its password is forgotten, and it is not looked into any more. What was taken in stays.",
                action: "Remove mailbox",
              }}
              onConfirmed={() => remove.mutateAsync({})}
            >
              Remove
            </ConfirmButton>
          </Group>
        )
      }
    >
      {state.isError && <ProblemPanel error={state.error} onRetry={() => void state.refetch()} />}
      {mailbox && <HowItGoes mailbox={mailbox} />}
      {state.data && !mailbox && (
        <EmptyState
          icon={<IconInbox size={28} />}
          title="No mailbox"
          action={canWrite ? <Button onClick={panel.open}>Set up a mailbox</Button> : undefined}
        >
          For bounces that cannot come straight to this server.
        </EmptyState>
      )}
      <SidePanel title="Mailbox for bounces" isOpen={isOpen} onClose={panel.close}>
        <MailboxForm mailbox={mailbox} onDone={panel.close} />
      </SidePanel>
    </Panel>
  );
}

function HowItGoes({ mailbox }: { readonly mailbox: BounceMailbox }) {
  const { settings, lookedAt, waiting, trouble, taken, quarantined } = mailbox;
  return (
    <>
      <Group gap="sm" mb="md">
        <MailboxBadge mailbox={mailbox} />
        <Text size="sm">
          {settings.folder} of {settings.username} at {settings.host}
        </Text>
      </Group>
      {trouble && (
        <Text size="sm" mb="md">
          {trouble.message} Since <When at={trouble.since} />; it is tried again by itself.
        </Text>
      )}
      <StatRow>
        <StatNumber
          label="Taken in"
          value={formatNumber(taken)}
          note={
            lookedAt ? (
              <>
                looked <When at={lookedAt} />
              </>
            ) : (
              "not looked yet"
            )
          }
        />
        <StatNumber label="Waiting there" value={waiting === null ? "–" : formatNumber(waiting)} />
        <StatNumber
          label="Set aside"
          value={formatNumber(quarantined)}
          note={quarantined > 0 ? `in ${settings.quarantineFolder}` : undefined}
        />
      </StatRow>
    </>
  );
}

function MailboxBadge({ mailbox: { settings, trouble, lookedAt } }: { readonly mailbox: BounceMailbox }) {
  if (!settings.isOn) return <StatusBadge tone="quiet">Off</StatusBadge>;
  if (trouble) return <StatusBadge tone="bad">In trouble</StatusBadge>;
  if (lookedAt === null) return <StatusBadge tone="info">Beginning</StatusBadge>;
  return <StatusBadge tone="good">Looked into</StatusBadge>;
}
