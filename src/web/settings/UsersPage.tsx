import { Button, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { accessRoutes } from "#contract/access.ts";
import { roles } from "#core/access/permissions.ts";
import { type AnswerOf, ask, askPages, useCall } from "../app/api.ts";
import { useSession } from "../app/session.ts";
import { CopyField } from "../ui/CopyField.tsx";
import { ConfirmButton } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { formatDateTime } from "../ui/format.ts";
import { LoadMore } from "../ui/LoadMore.tsx";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { useForm } from "../ui/useForm.ts";
import { When } from "../ui/When.tsx";
import { type GrantableRole, grantableRole, roleChoices, roleWords } from "./role-words.ts";
import { toSettings } from "./settings-back.ts";

/** The people of this workspace, their roles, and invitations on the way. */
export function UsersPage() {
  const [isInviting, inviting] = useDisclosure(false);
  return (
    <>
      <PageHeader
        title="People"
        back={toSettings}
        actions={
          <Button leftSection={<IconUserPlus aria-hidden size={16} />} onClick={inviting.open}>
            Invite somebody
          </Button>
        }
      />
      <Users />
      <Invitations />
      <SidePanel title="Invite somebody" isOpen={isInviting} onClose={inviting.close}>
        <InviteForm onDone={inviting.close} />
      </SidePanel>
    </>
  );
}

type User = AnswerOf<typeof accessRoutes.users>["items"][number];

function Users() {
  const list = useInfiniteQuery(askPages(accessRoutes.users, {}));
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <Panel title="Accounts">
      <DataTable
        label="Accounts"
        rows={rows}
        rowKey={({ id }) => id}
        empty={null}
        columns={[
          {
            key: "name",
            header: "Name",
            cell: ({ name, email }) => (
              <>
                <Text size="sm" fw={600}>
                  {name}
                </Text>
                <Text size="sm" c="dimmed">
                  {email}
                </Text>
              </>
            ),
          },
          { key: "role", header: "Role", cell: (user) => <RoleOf user={user} /> },
          {
            key: "seen",
            header: "Last seen",
            cell: ({ lastSeenAt }) => (lastSeenAt ? <When at={lastSeenAt} /> : "never"),
            isMinor: true,
          },
          {
            key: "do",
            header: "Actions",
            isHeaderHidden: true,
            align: "right",
            cell: (user) => <Disabling user={user} />,
          },
        ]}
      />
      <LoadMore
        shown={rows?.length ?? 0}
        noun="account"
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
      />
    </Panel>
  );
}

function RoleOf({ user }: { readonly user: User }) {
  const { actor } = useSession();
  const change = useCall(accessRoutes.changeUser, { changes: [accessRoutes.users.id] });
  if (actor.id === user.id || (user.role === "owner" && actor.role !== "owner"))
    return roleWords[user.role].name;
  return (
    <Select
      aria-label={`Role of ${user.name}`}
      allowDeselect={false}
      w={150}
      value={user.role}
      data={roleChoices(actor.role === "owner" ? roles : roles.filter((role) => role !== "owner"))}
      onChange={(chosen) => {
        const role = roles.find((known) => known === chosen);
        if (!role || role === user.role) return;
        change
          .mutateAsync({ params: { id: user.id }, body: { role } })
          .then(
            () => notify.done(`${user.name} is now ${roleWords[role].name.toLowerCase()}`),
            notify.failed,
          );
      }}
    />
  );
}

function Disabling({ user }: { readonly user: User }) {
  const { actor } = useSession();
  const change = useCall(accessRoutes.changeUser, { changes: [accessRoutes.users.id] });
  if (actor.id === user.id) return <StatusBadge tone="good">You</StatusBadge>;
  const set = (disabled: boolean) => change.mutateAsync({ params: { id: user.id }, body: { disabled } });
  return user.disabledAt ? (
    <Button size="compact-sm" variant="default" onClick={() => void set(false).catch(notify.failed)}>
      Enable
    </Button>
  ) : (
    <ConfirmButton
      size="compact-sm"
      question={{
        title: `Disable ${user.name}?`,
        body: "They are signed out at once and cannot sign in until the account is enabled again. Nothing is deleted.",
        action: "Disable account",
      }}
      onConfirmed={() => set(true)}
    >
      Disable
    </ConfirmButton>
  );
}

function Invitations() {
  const { data } = useSuspenseQuery(ask(accessRoutes.invitations, {}));
  const withdraw = useCall(accessRoutes.withdrawInvitation, { changes: [accessRoutes.invitations.id] });
  if (data.items.length === 0) return null;
  return (
    <Panel title="Invitations on the way">
      <DataTable
        label="Invitations"
        rows={data.items}
        rowKey={({ id }) => id}
        empty={null}
        columns={[
          { key: "email", header: "Email", cell: ({ email }) => email },
          { key: "role", header: "Role", cell: ({ role }) => roleWords[role].name },
          { key: "until", header: "Valid until", cell: ({ expiresAt }) => formatDateTime(expiresAt) },
          {
            key: "do",
            header: "Actions",
            isHeaderHidden: true,
            align: "right",
            cell: ({ id, email }) => (
              <ConfirmButton
                size="compact-sm"
                question={{
                  title: "Withdraw this invitation?",
                  body: `The link for ${email} stops working.`,
                  action: "Withdraw",
                }}
                onConfirmed={() => withdraw.mutateAsync({ params: { id } })}
              >
                Withdraw
              </ConfirmButton>
            ),
          },
        ]}
      />
    </Panel>
  );
}

function InviteForm({ onDone }: { readonly onDone: () => void }) {
  const invite = useCall(accessRoutes.invite, { changes: [accessRoutes.invitations.id] });
  const [link, setLink] = useState<string>();
  const initial: { readonly email: string; readonly role: GrantableRole } = { email: "", role: "marketer" };
  const form = useForm({
    initial,
    refusals: { "access.email-taken": "email" },
    submit: async (body) => setLink((await invite.mutateAsync({ body })).link),
  });
  if (link)
    return (
      <Stack>
        <Text size="sm">
          Give this link to {form.values.email}. It works once, and it is shown only now: no mail was sent.
        </Text>
        <CopyField label="Link" value={link} />
        <Button onClick={onDone}>Done</Button>
      </Stack>
    );
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label="Email" type="email" data-autofocus autoComplete="off" {...form.text("email")} />
        <Select
          label="Role"
          description={roleWords[form.values.role].words}
          inputWrapperOrder={["label", "input", "description", "error"]}
          allowDeselect={false}
          data={roleChoices(["admin", "marketer", "analyst"])}
          value={form.values.role}
          onChange={(role) => form.set("role", grantableRole(role) ?? form.values.role)}
        />
        <FormEnd form={form} action="Make the link">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}
