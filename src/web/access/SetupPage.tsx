import { Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { accessRoutes } from "#contract/access.ts";
import { ask, call } from "../app/api.ts";
import { paths } from "../app/paths.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { useForm } from "../ui/useForm.ts";
import { BareFrame } from "./BareFrame.tsx";
import { NewPasswordField } from "./NewPasswordField.tsx";
import { useEnter } from "./use-enter.ts";

/** Creates the owner, by the one-time link printed where the server was started. The token is the address's fragment. */
export function SetupPage() {
  const token = window.location.hash.slice(1);
  const state = useQuery(ask(accessRoutes.setupState, {}));
  if (state.data && !state.data.needsOwner)
    return (
      <BareFrame title="Postroad is set up already" lead="This installation has its owner.">
        <a href={paths.signIn()}>Sign in</a>
      </BareFrame>
    );
  if (!token)
    return (
      <BareFrame title="The set-up link is needed">
        <Text size="sm">
          Open the link that was printed where the server was started. It begins with this page's address and
          ends with a secret, so that nobody else can become the owner. Starting the server again prints a new
          one.
        </Text>
      </BareFrame>
    );
  return (
    <BareFrame
      title="Create your account"
      lead="You will be the owner of this workspace. You can invite others later."
    >
      <SetupForm token={token} />
    </BareFrame>
  );
}

function SetupForm({ token }: { readonly token: string }) {
  const enter = useEnter();
  const form = useForm({
    initial: { name: "", email: "", password: "" },
    refusals: { "access.password-weak": "password" },
    submit: async (values) =>
      enter(await call(accessRoutes.setUpOwner, { body: { token, ...values } }), paths.home()),
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label="Your name" autoComplete="name" autoFocus {...form.text("name")} />
        <TextInput label="Email" type="email" autoComplete="username" {...form.text("email")} />
        <NewPasswordField label="Password" email={form.values.email} {...form.text("password")} />
        <FormEnd form={form} action="Create account" />
      </Stack>
    </form>
  );
}
