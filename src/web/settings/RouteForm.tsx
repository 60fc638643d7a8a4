import { Button, Stack, Textarea, TextInput } from "@mantine/core";
import { routeRoutes } from "#contract/senders.ts";
import { useCall } from "../app/api.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { useForm } from "../ui/useForm.ts";
import { RouteLimitFields } from "./RouteLimitFields.tsx";
import { RouteServerFields } from "./RouteServerFields.tsx";
import { type SmtpRoute, toRouteBody, toRouteValues } from "./route-values.ts";
import { WarmUpFields } from "./WarmUpFields.tsx";

/** A mail server or a provider to send by. */
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
      "senders.provider-not-usable": "providerScope",
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
        <RouteServerFields form={form} hasPassword={route?.hasPassword ?? false} />
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
