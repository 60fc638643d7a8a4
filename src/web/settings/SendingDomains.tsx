import { Button, Select, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWorldCheck } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { sendingDomainRoutes } from "#contract/sending-domains.ts";
import { ask, useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { useForm } from "../ui/useForm.ts";
import { SendingDomain } from "./SendingDomain.tsx";

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
        <SendingDomain key={domain.id} domain={domain} />
      ))}
      <SidePanel title="Add a domain" isOpen={isAdding} onClose={adding.close}>
        <DomainForm onDone={adding.close} />
      </SidePanel>
    </Panel>
  );
}

const keyChoices = [
  { value: "both", label: "RSA-2048 and Ed25519", algorithms: ["rsa-sha256", "ed25519-sha256"] },
  { value: "rsa", label: "RSA-2048 only", algorithms: ["rsa-sha256"] },
  { value: "ed25519", label: "Ed25519 only: some receivers cannot read it", algorithms: ["ed25519-sha256"] },
] as const;

function DomainForm({ onDone }: { readonly onDone: () => void }) {
  const create = useCall(sendingDomainRoutes.create, { changes: ["sendingDomains."] });
  const form = useForm({
    initial: { domain: "", keys: "both" },
    refusals: { "senders.domain-taken": "domain", "senders.free-mail-domain": "domain" },
    submit: async ({ domain, keys }) => {
      const algorithms = (keyChoices.find(({ value }) => value === keys) ?? keyChoices[0]).algorithms;
      await create.mutateAsync({ body: { domain, algorithms: [...algorithms] } });
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
        <Select
          label="Keys"
          allowDeselect={false}
          data={keyChoices.map(({ value, label }) => ({ value, label }))}
          value={form.values.keys}
          onChange={(chosen) => form.set("keys", chosen ?? "both")}
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
