import { Button, Menu, Text } from "@mantine/core";
import { IconDots, IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { webhookRoutes } from "#contract/feedback.ts";
import { ask, useCall } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { refreshMs } from "../app/query-client.ts";
import { useCan } from "../app/session.ts";
import { confirm } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { formatNumber } from "../ui/format.ts";
import { notify } from "../ui/notify.tsx";
import { Panel } from "../ui/Panel.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { When } from "../ui/When.tsx";
import { WebhookAddress, WebhookForm } from "./WebhookForm.tsx";
import { lastTakenAt, providerNames, type Webhook, webhookSummary } from "./webhook-values.ts";

type Open = { readonly what: "new" } | { readonly what: "edit" | "address"; readonly webhook: Webhook };

/** The addresses that mail providers tell: what came by each, and what was refused. */
export function WebhooksPanel() {
  const canWrite = useCan("settings:write");
  const list = useQuery({ ...ask(webhookRoutes.list, {}), refetchInterval: refreshMs.calm });
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const make = canWrite && (
    <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={() => setOpen({ what: "new" })}>
      New webhook
    </Button>
  );
  const rows = list.data?.items;
  return (
    <Panel
      title="Webhooks of providers"
      lead="A provider that sends our mail tells what became of it at an address of its own."
      actions={rows?.length ? make : undefined}
    >
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="Webhooks of providers"
          rows={rows}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon={<IconWebhook size={28} />} title="No webhooks" action={make || undefined}>
              For mail that leaves by Amazon SES, SendGrid, Mailgun or Postmark.
            </EmptyState>
          }
          columns={[
            {
              key: "name",
              header: "Webhook",
              cell: ({ name, provider }) => (
                <>
                  <Text size="sm" fw={600}>
                    {name}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {providerNames[provider]}
                  </Text>
                </>
              ),
            },
            { key: "came", header: "What came", cell: (webhook) => <WhatCame webhook={webhook} /> },
            {
              key: "do",
              header: "Actions",
              isHeaderHidden: true,
              align: "right",
              cell: (webhook) => <WebhookActions webhook={webhook} canWrite={canWrite} onOpen={setOpen} />,
            },
          ]}
        />
      )}
      <SidePanel title={titleOf(open)} isOpen={open !== undefined} onClose={close}>
        {open?.what === "address" && <WebhookAddress webhook={open.webhook} onDone={close} />}
        {open?.what === "edit" && <WebhookForm webhook={open.webhook} onDone={close} />}
        {open?.what === "new" && <WebhookForm webhook={undefined} onDone={close} />}
      </SidePanel>
    </Panel>
  );
}

function titleOf(open: Open | undefined): string {
  if (open?.what === "new") return "New webhook";
  return open?.what === "edit" ? "Webhook" : "Address of the webhook";
}

function WhatCame({ webhook }: { readonly webhook: Webhook }) {
  const summary = webhookSummary(webhook, formatNumber);
  const lastAt = lastTakenAt(webhook);
  const refused = webhook.counts.find(({ kind }) => kind === "refused");
  return (
    <>
      {summary && <Text size="sm">{summary}</Text>}
      {!summary && !refused && <StatusBadge tone="quiet">Nothing came yet</StatusBadge>}
      {lastAt && (
        <Text size="sm" c="dimmed">
          last <When at={lastAt} />
        </Text>
      )}
      {refused && (
        <>
          <StatusBadge tone="warn">{formatNumber(refused.total)} refused</StatusBadge>
          <Text size="sm" c="dimmed">
            {refused.note} Last <When at={refused.lastAt} />
          </Text>
        </>
      )}
      {webhook.previousUntil && (
        <Text size="sm" c="dimmed">
          The address before is taken until <When at={webhook.previousUntil} />
        </Text>
      )}
    </>
  );
}

function WebhookActions({
  webhook,
  canWrite,
  onOpen,
}: {
  readonly webhook: Webhook;
  readonly canWrite: boolean;
  readonly onOpen: (open: Open) => void;
}) {
  const { id, name } = webhook;
  const [, setAddress] = useAddress();
  const rotate = useCall(webhookRoutes.rotate, { changes: [webhookRoutes.list.id] });
  const remove = useCall(webhookRoutes.remove, { changes: [webhookRoutes.list.id] });
  async function replace(): Promise<void> {
    const goOn = await confirm({
      title: `Another address for “${name}”?`,
      body: "The one that it has now is taken for a day more. Enter the new one at the provider meanwhile.",
      action: "Make another address",
      isDangerous: false,
    });
    if (goOn) onOpen({ what: "address", webhook: await rotate.mutateAsync({ params: { id } }) });
  }
  async function takeAway(): Promise<void> {
    const goOn = await confirm({
      title: `Remove “${name}”?`,
      body: "What its provider tells is turned away from now on. What it told stays.",
      action: "Remove webhook",
    });
    if (goOn) await remove.mutateAsync({ params: { id } });
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Actions for ${name}`}
          rightSection={<IconDots aria-hidden size={16} />}
        >
          Actions
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => setAddress({ way: id })}>Show what came below</Menu.Item>
        {canWrite && (
          <>
            <Menu.Item onClick={() => onOpen({ what: "address", webhook })}>Show the address</Menu.Item>
            <Menu.Item onClick={() => onOpen({ what: "edit", webhook })}>Edit</Menu.Item>
            <Menu.Item onClick={() => void replace().catch(notify.failed)}>Another address</Menu.Item>
            <Menu.Item c="var(--tone-bad)" onClick={() => void takeAway().catch(notify.failed)}>
              Remove
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
