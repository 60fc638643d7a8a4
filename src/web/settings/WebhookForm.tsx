import { Button, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { type WebhookProvider, webhookProviders, webhookRoutes } from "#contract/feedback.ts";
import { useCall } from "../app/api.ts";
import { CopyField } from "../ui/CopyField.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { useForm } from "../ui/useForm.ts";
import { proofWords, providerNames, type Webhook } from "./webhook-values.ts";

type Values = {
  readonly name: string;
  readonly provider: WebhookProvider;
  readonly topicArn: string;
  readonly key: string;
};

/** Makes an address for a provider, or changes one. What it is comes first: the address follows once it is made. */
export function WebhookForm({
  webhook,
  onDone,
}: {
  readonly webhook: Webhook | undefined;
  readonly onDone: () => void;
}) {
  const [made, setMade] = useState<Webhook>();
  const create = useCall(webhookRoutes.create, { changes: [webhookRoutes.list.id] });
  const change = useCall(webhookRoutes.change, { changes: [webhookRoutes.list.id] });
  const initial: Values = {
    name: webhook?.name ?? "",
    provider: webhook?.provider ?? "ses",
    topicArn: webhook?.topicArn ?? "",
    key: "",
  };
  const form = useForm({
    initial,
    submit: async ({ name, provider, topicArn, key }) => {
      const isAmazon = provider === "ses";
      const body = {
        name,
        topicArn: isAmazon && topicArn.trim() !== "" ? topicArn : null,
        ...(isAmazon || key === "" ? {} : { key }),
      };
      if (!webhook) return setMade(await create.mutateAsync({ body: { ...body, provider } }));
      await change.mutateAsync({ params: { id: webhook.id }, body });
      notify.done("Webhook saved");
      onDone();
    },
    refusals: { "feedback.webhook-key-not-usable": webhook?.provider === "ses" ? "topicArn" : "key" },
  });
  if (made) return <WebhookAddress webhook={made} onDone={onDone} />;
  const { provider } = form.values;
  const { label, hint } = proofWords[provider];
  return (
    <form {...form.props}>
      <Stack>
        <Select
          label="Provider"
          allowDeselect={false}
          disabled={webhook !== undefined}
          data={webhookProviders.map((value) => ({ value, label: providerNames[value] }))}
          value={provider}
          onChange={(chosen) =>
            form.set("provider", webhookProviders.find((known) => known === chosen) ?? provider)
          }
        />
        <TextInput
          label="Name"
          description="For you"
          data-autofocus
          autoComplete="off"
          {...form.text("name")}
        />
        {provider === "ses" ? (
          <TextInput
            label={label}
            description={hint}
            placeholder="arn:aws:sns:eu-central-1:123456789012:bounces"
            autoComplete="off"
            {...form.text("topicArn")}
          />
        ) : (
          <Textarea
            label={label}
            description={webhook?.hasKey ? `${hint} Leave it empty to keep the one that is set.` : hint}
            autosize
            minRows={1}
            maxRows={5}
            autoComplete="off"
            {...form.text("key")}
          />
        )}
        <FormEnd form={form} action={webhook ? "Save webhook" : "Make address"}>
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}

/** The address to give to the provider. */
export function WebhookAddress({
  webhook: { address, provider },
  onDone,
}: {
  readonly webhook: Webhook;
  readonly onDone: () => void;
}) {
  return (
    <Stack>
      <Text size="sm">
        Enter this address at {providerNames[provider]}. It is a secret: who knows it can speak to us.
      </Text>
      {address !== null && <CopyField label="Address" value={address} />}
      <Text size="sm" c="dimmed">
        It must be reachable from the internet.
      </Text>
      <Button onClick={onDone}>Done</Button>
    </Stack>
  );
}
