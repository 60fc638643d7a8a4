import { Button, Code, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { accessRoutes } from "#contract/access.ts";
import { askPages, useCall } from "../app/api.ts";
import { CopyField } from "../ui/CopyField.tsx";
import { ConfirmButton } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { LoadMore } from "../ui/LoadMore.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { ProblemPanel } from "../ui/ProblemPanel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { useForm } from "../ui/useForm.ts";
import { When } from "../ui/When.tsx";
import { type GrantableRole, grantableRole, roleChoices, roleWords } from "./role-words.ts";
import { toSettings } from "./settings-back.ts";

/** Keys by which other programs use the API. */
export function ApiKeysPage() {
  const [isMaking, making] = useDisclosure(false);
  const list = useInfiniteQuery(askPages(accessRoutes.apiKeys, {}));
  const revoke = useCall(accessRoutes.revokeApiKey, { changes: [accessRoutes.apiKeys.id] });
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const make = (
    <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={making.open}>
      New key
    </Button>
  );
  return (
    <>
      <PageHeader title="API keys" back={toSettings} actions={rows?.length ? make : undefined} />
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <DataTable
          label="API keys"
          rows={rows}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon={<IconKey size={28} />} title="No keys yet" action={make}>
              A key lets a program of yours add contacts, report events or read results. It can do what its
              role can.
            </EmptyState>
          }
          columns={[
            { key: "name", header: "Name", cell: ({ name }) => <strong>{name}</strong> },
            { key: "prefix", header: "Begins with", cell: ({ prefix }) => <Code>{prefix}…</Code> },
            { key: "role", header: "Role", cell: ({ role }) => roleWords[role].name },
            {
              key: "used",
              header: "Last used",
              cell: ({ lastUsedAt }) => (lastUsedAt ? <When at={lastUsedAt} /> : "never"),
            },
            {
              key: "do",
              header: "Actions",
              isHeaderHidden: true,
              align: "right",
              cell: ({ id, name, revokedAt }) =>
                revokedAt ? (
                  <StatusBadge tone="quiet">Revoked</StatusBadge>
                ) : (
                  <ConfirmButton
                    size="compact-sm"
                    question={{
                      title: `Revoke “${name}”?`,
                      body: "Programs that use this key are refused from now on. This cannot be undone.",
                      action: "Revoke key",
                    }}
                    onConfirmed={() => revoke.mutateAsync({ params: { id } })}
                  >
                    Revoke
                  </ConfirmButton>
                ),
            },
          ]}
        />
      )}
      <LoadMore
        shown={rows?.length ?? 0}
        noun="key"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
      <SidePanel title="New API key" isOpen={isMaking} onClose={making.close}>
        <KeyForm onDone={making.close} />
      </SidePanel>
    </>
  );
}

function KeyForm({ onDone }: { readonly onDone: () => void }) {
  const create = useCall(accessRoutes.createApiKey, { changes: [accessRoutes.apiKeys.id] });
  const [secret, setSecret] = useState<string>();
  const initial: { readonly name: string; readonly role: GrantableRole } = { name: "", role: "marketer" };
  const form = useForm({
    initial,
    submit: async (body) => setSecret((await create.mutateAsync({ body })).secret),
  });
  if (secret)
    return (
      <Stack>
        <Text size="sm">
          <strong>Copy the key now.</strong> It is not kept and cannot be shown again.
        </Text>
        <CopyField label="Key" value={secret} />
        <Text size="sm" c="dimmed">
          Send it as <Code>Authorization: Bearer …</Code> with each request.
        </Text>
        <Button onClick={onDone}>I have copied it</Button>
      </Stack>
    );
  return (
    <form {...form.props}>
      <Stack>
        <TextInput
          label="Name"
          description="Which program will use it"
          data-autofocus
          autoComplete="off"
          {...form.text("name")}
        />
        <Select
          label="Role"
          description={roleWords[form.values.role].words}
          inputWrapperOrder={["label", "input", "description", "error"]}
          allowDeselect={false}
          data={roleChoices(["admin", "marketer", "analyst"])}
          value={form.values.role}
          onChange={(role) => form.set("role", grantableRole(role) ?? form.values.role)}
        />
        <FormEnd form={form} action="Make key">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}
