import { Button, Group, Menu, Text } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { sendingDomainRoutes } from "#contract/sending-domains.ts";
import { useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { confirm } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { notify } from "../ui/notify.tsx";
import { ApiProblem } from "../ui/problem.ts";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import type { Domain } from "./SendingDomain.tsx";

type Key = Domain["keys"][number];

const nameOf = ({ selector, algorithm }: Key) =>
  `${selector} (${algorithm === "rsa-sha256" ? "RSA" : "Ed25519"})`;

/** The keys of a domain and where each is in its life. */
export function SendingDomainKeys({ domain }: { readonly domain: Domain }) {
  const canWrite = useCan("senders:write");
  return (
    <DataTable
      label={`Keys of ${domain.domain}`}
      rows={domain.keys}
      rowKey={({ id }) => id}
      empty={<Text c="dimmed">There is no key.</Text>}
      columns={[
        { key: "selector", header: "Key", cell: nameOf },
        { key: "life", header: "State", cell: (key) => <KeyLife domain={domain} subject={key} /> },
        {
          key: "do",
          header: "Actions",
          isHeaderHidden: true,
          align: "right",
          cell: (key) => canWrite && <KeyActions domain={domain} subject={key} />,
        },
      ]}
    />
  );
}

function KeyLife({ domain, subject }: { readonly domain: Domain; readonly subject: Key }) {
  const { life, published, isForced, signingSince, removableAt, replacesKeyId } = subject;
  const isRight = published === "right" || published === "testing";
  const replaced = domain.keys.find(({ id }) => id === replacesKeyId);
  if (life === "retired" && removableAt)
    return (
      <>
        <StatusBadge tone="quiet">Retired</StatusBadge>{" "}
        <Text span size="sm" c="dimmed">
          its record may go <When at={removableAt} />
        </Text>
      </>
    );
  if (life === "waiting")
    return (
      <>
        <StatusBadge tone="info">Waiting</StatusBadge>{" "}
        <Text span size="sm" c="dimmed">
          {replaced
            ? `takes over from ${replaced.selector} as soon as its record is found`
            : "does not sign until it is switched on"}
        </Text>
      </>
    );
  return (
    <>
      <StatusBadge tone={isRight ? "good" : "warn"}>
        {isRight ? "Signs" : isForced ? "Signs, not found in DNS" : "Waits for its record"}
      </StatusBadge>{" "}
      {signingSince && isRight && (
        <Text span size="sm" c="dimmed">
          since <When at={signingSince} />
        </Text>
      )}
    </>
  );
}

function KeyActions({ domain: { id }, subject }: { readonly domain: Domain; readonly subject: Key }) {
  const changes = { changes: ["sendingDomains."] };
  const rotate = useCall(sendingDomainRoutes.rotate, changes);
  const switchKey = useCall(sendingDomainRoutes.switchKey, changes);
  const removeKey = useCall(sendingDomainRoutes.removeKey, changes);
  const params = { id, keyId: subject.id };
  async function replace(): Promise<void> {
    await rotate.mutateAsync({
      params: { id },
      body: { algorithm: subject.algorithm, replacesKeyId: subject.id },
    });
    notify.done("New key made. Publish its record; it takes over by itself when it is found.");
  }
  async function start(): Promise<void> {
    try {
      await switchKey.mutateAsync({ params, body: { isActive: true } });
    } catch (error) {
      if (!(error instanceof ApiProblem && error.code === "senders.key-not-published")) throw error;
      const goOn = await confirm({
        title: `Sign with ${subject.selector} all the same?`,
        body: "Its record was not found in DNS. Until it is there, signatures made with it fail.",
        action: "Sign with it",
      });
      if (goOn) await switchKey.mutateAsync({ params, body: { isActive: true, force: true } });
    }
  }
  async function stop(): Promise<void> {
    const goOn = await confirm({
      title: `Stop signing with ${subject.selector}?`,
      body: "Leave its record in DNS for a week: mail that it signed is still on its way.",
      action: "Stop signing",
    });
    if (goOn) await switchKey.mutateAsync({ params, body: { isActive: false } });
  }
  async function takeAway(): Promise<void> {
    const goOn = await confirm({
      title: `Delete ${nameOf(subject)}?`,
      body: "It can never sign again. This cannot be undone.",
      action: "Delete key",
    });
    if (goOn) await removeKey.mutateAsync({ params });
  }
  const run = (work: () => Promise<void>) => () => void work().catch(notify.failed);
  return (
    <Group justify="flex-end">
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="compact-sm"
            variant="default"
            loading={rotate.isPending || switchKey.isPending}
            aria-label={`Actions for ${nameOf(subject)}`}
            rightSection={<IconDots aria-hidden size={16} />}
          >
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {subject.life === "signing" ? (
            <>
              <Menu.Item onClick={run(replace)}>Replace by a new key</Menu.Item>
              <Menu.Item onClick={run(stop)}>Stop signing with it</Menu.Item>
            </>
          ) : (
            <>
              <Menu.Item onClick={run(start)}>Sign with it now</Menu.Item>
              <Menu.Item c="var(--tone-bad)" onClick={run(takeAway)}>
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
