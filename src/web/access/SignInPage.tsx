import { Alert, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { accessRoutes } from "#contract/access.ts";
import { ask, call } from "../app/api.ts";
import { useAddress } from "../app/navigation.ts";
import { safeNext } from "../app/paths.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { useForm } from "../ui/useForm.ts";
import { BareFrame } from "./BareFrame.tsx";
import { useEnter } from "./use-enter.ts";

/** Signs in with email and password, and leads back to where one wanted to go. */
export function SignInPage() {
  const enter = useEnter();
  const [{ next }] = useAddress();
  const state = useQuery(ask(accessRoutes.setupState, {}));
  const form = useForm({
    initial: { email: "", password: "" },
    submit: async (body) => enter(await call(accessRoutes.signIn, { body }), safeNext(next)),
  });
  return (
    <BareFrame title="Sign in">
      {state.data?.needsOwner && (
        <Alert color="yellow" mb="md" title="Nobody can sign in yet">
          This installation has no owner. Open the set-up link that was printed where the server was started.
        </Alert>
      )}
      <form {...form.props}>
        <Stack>
          <TextInput label="Email" type="email" autoComplete="username" autoFocus {...form.text("email")} />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ "aria-label": "Show or hide the password", tabIndex: 0 }}
            {...form.text("password")}
          />
          <FormEnd form={form} action="Sign in" />
        </Stack>
      </form>
    </BareFrame>
  );
}
