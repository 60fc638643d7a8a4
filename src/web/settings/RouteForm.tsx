import { Button, Group, NumberInput, PasswordInput, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { routeRoutes } from "#contract/senders.ts";
import { useCall } from "../app/api.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { useForm } from "../ui/useForm.ts";
import { RouteLimitFields } from "./RouteLimitFields.tsx";
import { type SmtpRoute, tlsChoices, toRouteBody, toRouteValues } from "./route-values.ts";
import { WarmUpFields } from "./WarmUpFields.tsx";

/** A mail server to send by. */
export function RouteForm({
  route,
  others,
  onDone,
}: {
  readonly route: SmtpRoute | undefined;
  readonly others: readonly SmtpRoute[];
  readonly onDone: () => void;
}) {
  const create = useCall(routeRoutes.create, { changes: [routeRoutes.list.id] });
  const change = useCall(routeRoutes.change, { changes: [routeRoutes.list.id] });
  const form = useForm({
    initial: toRouteValues(route, new Date()),
    refusals: {
      "senders.password-missing": "password",
      "senders.password-needed": "password",
      "senders.fall-back-not-usable": "fallBackId",
    },
    submit: async (values) => {
      const body = toRouteBody(values);
      await (route ? change.mutateAsync({ params: { id: route.id }, body }) : create.mutateAsync({ body }));
      notify.done(route ? "Route saved" : "Route added. Test its connection before you make it the default.");
      onDone();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput
          label="Name"
          description="For you"
          data-autofocus
          autoComplete="off"
          {...form.text("name")}
        />
        <Group align="flex-start" wrap="nowrap">
          <TextInput
            label="Server"
            placeholder="smtp.example.com"
            autoComplete="off"
            style={{ flex: 1 }}
            {...form.text("host")}
          />
          <NumberInput label="Port" w={96} min={1} max={65535} hideControls {...form.value("port")} />
        </Group>
        <Select
          label="Encryption"
          allowDeselect={false}
          data={[...tlsChoices]}
          value={form.values.tls}
          onChange={(chosen) =>
            form.set("tls", tlsChoices.find(({ value }) => value === chosen)?.value ?? form.values.tls)
          }
        />
        <TextInput
          label="User name"
          description="Empty if the server asks for none"
          autoComplete="off"
          {...form.text("username")}
        />
        <PasswordInput
          label="Password"
          description={
            route?.hasPassword
              ? "Leave it empty to keep the one that is set"
              : "Kept encrypted, never shown again"
          }
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": "Show or hide the password", tabIndex: 0 }}
          {...form.text("password")}
        />
        <TextInput
          label="Domain for bounces"
          description="Its mail must reach this server. The sender's own domain, if it is empty"
          placeholder="bounces.example.com"
          autoComplete="off"
          {...form.text("bounceDomain")}
        />
        <Textarea
          label="Certificate to trust"
          description="Only for servers with a certificate of their own (PEM)"
          autosize
          minRows={1}
          maxRows={6}
          {...form.text("trustedCertificate")}
        />
        <RouteLimitFields form={form} others={others} />
        <WarmUpFields form={form} saved={route?.warmUp ?? null} />
        <FormEnd form={form} action={route ? "Save route" : "Add route"}>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}
