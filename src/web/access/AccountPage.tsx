import { Button, PasswordInput, SegmentedControl, Stack, useMantineColorScheme } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { accessRoutes } from "#contract/access.ts";
import { type AnswerOf, ask, call, useCall } from "../app/api.ts";
import { useSession } from "../app/session.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { useForm } from "../ui/useForm.ts";
import { When } from "../ui/When.tsx";
import { browserName } from "./browser-name.ts";
import { NewPasswordField } from "./NewPasswordField.tsx";

/** One's own account: how the app looks, the password, and where one is signed in. */
export function AccountPage() {
  const { actor } = useSession();
  return (
    <>
      <PageHeader title="Your account" lead={`${actor.name} · ${actor.email ?? ""} · ${actor.role}`} />
      <Looks />
      <Password />
      <Sessions />
    </>
  );
}

function Looks() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Panel title="Appearance" lead="Kept in this browser.">
      <SegmentedControl
        aria-label="Colour scheme"
        value={colorScheme}
        onChange={(value) => setColorScheme(value === "dark" || value === "light" ? value : "auto")}
        data={[
          { value: "auto", label: "As the system" },
          { value: "light", label: "Light" },
          { value: "dark", label: "Dark" },
        ]}
      />
    </Panel>
  );
}

function Password() {
  const { actor } = useSession();
  const form = useForm({
    initial: { currentPassword: "", newPassword: "" },
    isClearedAfter: true,
    refusals: { "access.password-weak": "newPassword" },
    submit: async (body) => {
      await call(accessRoutes.changePassword, { body });
      notify.done("Password changed. Your other sessions were signed out.");
    },
  });
  return (
    <Panel title="Password" lead="Changing it signs you out everywhere else.">
      <form {...form.props}>
        <Stack maw={400}>
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ "aria-label": "Show or hide the password", tabIndex: 0 }}
            {...form.text("currentPassword")}
          />
          <NewPasswordField label="New password" email={actor.email ?? ""} {...form.text("newPassword")} />
          <FormEnd form={form} action="Change password" />
        </Stack>
      </form>
    </Panel>
  );
}

type OwnSession = AnswerOf<typeof accessRoutes.sessions>["items"][number];

function Sessions() {
  const { data } = useSuspenseQuery(ask(accessRoutes.sessions, {}));
  const end = useCall(accessRoutes.endSession, { changes: [accessRoutes.sessions.id] });
  async function signOut({ id }: OwnSession): Promise<void> {
    try {
      await end.mutateAsync({ params: { id } });
      notify.done("Session signed out");
    } catch (error) {
      notify.failed(error);
    }
  }
  return (
    <Panel title="Where you are signed in">
      <DataTable
        label="Sessions"
        rows={data.items}
        rowKey={({ id }) => id}
        empty={null}
        columns={[
          { key: "browser", header: "Browser", cell: ({ userAgent }) => browserName(userAgent) },
          { key: "ip", header: "Address", cell: ({ ip }) => ip ?? "unknown" },
          { key: "lastSeenAt", header: "Last seen", cell: ({ lastSeenAt }) => <When at={lastSeenAt} /> },
          {
            key: "end",
            header: "Sign out",
            isHeaderHidden: true,
            align: "right",
            cell: (session) =>
              session.isCurrent ? (
                <StatusBadge tone="good">This one</StatusBadge>
              ) : (
                <Button size="compact-sm" variant="default" onClick={() => void signOut(session)}>
                  Sign out
                </Button>
              ),
          },
        ]}
      />
    </Panel>
  );
}
