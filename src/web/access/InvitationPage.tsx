import { Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { accessRoutes } from "#contract/access.ts";
import { ask, call } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { problemOf } from "../ui/problem.ts";
import { useForm } from "../ui/useForm.ts";
import { BareFrame } from "./BareFrame.tsx";
import { NewPasswordField } from "./NewPasswordField.tsx";
import { useEnter } from "./use-enter.ts";

/** Joins the workspace by an invitation link. The token is the address's fragment. */
export function InvitationPage() {
  const token = window.location.hash.slice(1);
  const invitation = useQuery({
    ...ask(accessRoutes.lookAtInvitation, { body: { token } }),
    enabled: token !== "",
  });
  if (token === "")
    return (
      <BareFrame title="The invitation link is needed">
        <Text size="sm">Open the whole link that you were sent. It ends with a secret.</Text>
      </BareFrame>
    );
  if (invitation.isPending) return <BareFrame title="Join this workspace">One moment…</BareFrame>;
  if (invitation.isError) {
    const problem = problemOf(invitation.error);
    return (
      <BareFrame title="This invitation cannot be used" lead={problem.title}>
        <Text size="sm">Ask whoever invited you for a new link.</Text>
      </BareFrame>
    );
  }
  const { email, role } = invitation.data;
  return (
    <BareFrame
      title="Join this workspace"
      lead={
        <>
          You are invited as {role}. You will sign in as <strong>{email}</strong>.
        </>
      }
    >
      <InvitationForm token={token} email={email} />
    </BareFrame>
  );
}

function InvitationForm({ token, email }: { readonly token: string; readonly email: string }) {
  const enter = useEnter();
  const form = useForm({
    initial: { name: "", password: "" },
    refusals: { "access.password-weak": "password" },
    submit: async (values) =>
      enter(await call(accessRoutes.acceptInvitation, { body: { token, ...values } }), paths.home()),
  });
  return (
    <form {...form.props}>
      <Stack>
        <input type="hidden" name="email" autoComplete="username" value={email} readOnly />
        <TextInput label="Your name" autoComplete="name" autoFocus {...form.text("name")} />
        <NewPasswordField label="Password" email={email} {...form.text("password")} />
        <FormEnd form={form} action="Join" />
      </Stack>
    </form>
  );
}
