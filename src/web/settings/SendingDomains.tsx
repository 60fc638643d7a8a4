import { Button, Group, Menu, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconRefresh, IconWorldCheck } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { sendingDomainRoutes } from "#contract/senders.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { CopyField } from "../ui/CopyField.tsx";
import { confirm } from "../ui/confirm.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { StatusBadge, type Tone } from "../ui/StatusBadge.tsx";
import { useForm } from "../ui/useForm.ts";
import { When } from "../ui/When.tsx";
import css from "./SendingDomains.module.css";

type Domain = AnswerOf<typeof sendingDomainRoutes.list>["items"][number];
type DnsRecord = Domain["records"][number];

const states: Readonly<Record<DnsRecord["state"], { readonly tone: Tone; readonly words: string }>> = {
  ok: { tone: "good", words: "Right" },
  missing: { tone: "warn", words: "Missing" },
  wrong: { tone: "bad", words: "Wrong" },
  unknown: { tone: "quiet", words: "Not looked up" },
};

/** The domains that mail is signed for, with what DNS should say and what it says. */
export function SendingDomains() {
  const canWrite = useCan("senders:write");
  const { data } = useSuspenseQuery(ask(sendingDomainRoutes.list, {}));
  const [isAdding, adding] = useDisclosure(false);
  const add = canWrite && (
    <Button variant="default" leftSection={<IconPlus aria-hidden size={16} />} onClick={adding.open}>
      Add a domain
    </Button>
  );
  return (
    <Panel
      title="Sending domains"
      lead="Mailbox providers trust mail whose domain vouches for it. Publish these records where you manage the domain's DNS."
      actions={data.items.length > 0 && add}
    >
      {data.items.length === 0 && (
        <EmptyState icon={<IconWorldCheck size={28} />} title="No domain yet" action={add}>
          Add the domain of your from addresses. We make the keys, show what to publish, and check it.
        </EmptyState>
      )}
      {data.items.map((domain) => (
        <OneDomain key={domain.id} domain={domain} />
      ))}
      <SidePanel title="Add a domain" isOpen={isAdding} onClose={adding.close}>
        <DomainForm onDone={adding.close} />
      </SidePanel>
    </Panel>
  );
}

function OneDomain({ domain }: { readonly domain: Domain }) {
  const canWrite = useCan("senders:write");
  const params = { id: domain.id };
  const check = useCall(sendingDomainRoutes.check, { changes: ["sendingDomains."] });
  return (
    <section className={css.domain} aria-label={domain.domain}>
      <Group justify="space-between" mb="md">
        <div>
          <Title order={3}>{domain.domain}</Title>
          <Text size="sm" c="dimmed">
            {domain.checkedAt ? (
              <>
                Looked up <When at={domain.checkedAt} />
              </>
            ) : (
              "Not looked up yet"
            )}
          </Text>
        </div>
        {canWrite && (
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconRefresh aria-hidden size={16} />}
              loading={check.isPending}
              onClick={() => check.mutate({ params }, { onError: notify.failed })}
            >
              Look it up now
            </Button>
            <DomainMenu domain={domain} />
          </Group>
        )}
      </Group>
      <Stack gap="lg">
        {domain.records.map((record) => (
          <div key={`${record.check} ${record.name}`}>
            <Group gap="sm" mb={6}>
              <Text fw={600}>{record.check.toUpperCase()}</Text>
              <StatusBadge tone={states[record.state].tone}>{states[record.state].words}</StatusBadge>
              <Text size="sm" c="dimmed">
                {record.message}
              </Text>
            </Group>
            <CopyField label={`${record.type} name`} value={record.name} />
            <CopyField label="Value" value={record.value} />
          </div>
        ))}
      </Stack>
    </section>
  );
}

function DomainMenu({ domain: { id, domain, keys } }: { readonly domain: Domain }) {
  const params = { id };
  const changes = { changes: ["sendingDomains."] };
  const rotate = useCall(sendingDomainRoutes.rotate, changes);
  const switchKey = useCall(sendingDomainRoutes.switchKey, changes);
  const remove = useCall(sendingDomainRoutes.remove, changes);
  async function addKey(): Promise<void> {
    await rotate.mutateAsync({ params, body: {} });
    notify.done("New key made. Publish its record, look it up, then switch it on.");
  }
  async function takeAway(): Promise<void> {
    const goOn = await confirm({
      title: `Remove ${domain}?`,
      body: "Its keys are deleted, and mail from it is not signed any more. This cannot be undone.",
      action: "Remove domain",
    });
    if (goOn) await remove.mutateAsync({ params });
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">Keys and more</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {keys.map((key) => (
          <Menu.Item
            key={key.id}
            onClick={() =>
              void switchKey
                .mutateAsync({ params: { id, keyId: key.id }, body: { isActive: !key.isActive } })
                .catch(notify.failed)
            }
          >
            {key.isActive ? "Stop signing with" : "Sign with"} {key.selector} (
            {key.algorithm === "rsa-sha256" ? "RSA" : "Ed25519"})
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => void addKey().catch(notify.failed)}>Make another key</Menu.Item>
        <Menu.Divider />
        <Menu.Item c="var(--tone-bad)" onClick={() => void takeAway().catch(notify.failed)}>
          Remove this domain
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function DomainForm({ onDone }: { readonly onDone: () => void }) {
  const create = useCall(sendingDomainRoutes.create, { changes: ["sendingDomains."] });
  const form = useForm({
    initial: { domain: "" },
    refusals: { "senders.domain-taken": "domain" },
    submit: async (body) => {
      await create.mutateAsync({ body });
      notify.done("Domain added. Now publish its records.");
      onDone();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput
          label="Domain"
          description="What comes after the @ of your from addresses"
          placeholder="news.example.com"
          data-autofocus
          autoComplete="off"
          {...form.text("domain")}
        />
        <FormEnd form={form} action="Add domain">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}
