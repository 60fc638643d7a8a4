import { Group, NumberInput, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import type { Form } from "../ui/useForm.ts";
import {
  kindChoices,
  mailgunServers,
  providerHost,
  type RouteValues,
  sendGridServers,
  tlsChoices,
  valuesForKind,
} from "./route-values.ts";

/** What a route goes to: a mail server or the API of a provider, and how it signs in there. */
export function RouteServerFields({
  form,
  hasPassword,
}: {
  readonly form: Form<RouteValues>;
  readonly hasPassword: boolean;
}) {
  const { kind } = form.values;
  function choose(chosen: string | null): void {
    const wanted = kindChoices.find(({ value }) => value === chosen)?.value ?? kind;
    if (wanted === kind) return;
    const { host, port, tls, username, providerScope } = valuesForKind(wanted);
    form.set("kind", wanted);
    form.set("host", host);
    form.set("port", port);
    form.set("tls", tls);
    form.set("username", username);
    form.set("providerScope", providerScope);
  }
  return (
    <Stack>
      <Select label="Goes to" allowDeselect={false} data={[...kindChoices]} value={kind} onChange={choose} />
      {kind === "smtp" && <MailServerFields form={form} />}
      {kind === "ses" && <AmazonFields form={form} />}
      {kind === "mailgun" && <MailgunFields form={form} />}
      {kind === "sendgrid" && <ServerChoice form={form} servers={sendGridServers} />}
      {kind === "postmark" && <PostmarkFields form={form} />}
      <PasswordInput
        label={secretLabels[kind]}
        description={
          hasPassword ? "Leave it empty to keep the one that is set" : "Kept encrypted, never shown again"
        }
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": "Show or hide the password", tabIndex: 0 }}
        {...form.text("password")}
      />
    </Stack>
  );
}

const secretLabels = {
  smtp: "Password",
  ses: "Secret access key",
  mailgun: "API key",
  sendgrid: "API key with Mail Send",
  postmark: "Server API token",
} as const;

type Fields = { readonly form: Form<RouteValues> };

function MailServerFields({ form }: Fields) {
  return (
    <>
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
    </>
  );
}

function AmazonFields({ form }: Fields) {
  return (
    <>
      <TextInput
        label="Region"
        description="Where your sending domain is verified"
        placeholder="eu-central-1"
        autoComplete="off"
        {...form.text("providerScope")}
      />
      <TextInput
        label="Server of the API"
        description="Empty: the one of the region"
        placeholder={providerHost("ses", form.values.providerScope || "eu-central-1")}
        autoComplete="off"
        {...form.text("host")}
      />
      <TextInput
        label="Access key ID"
        description="Of a user that may ses:SendEmail"
        autoComplete="off"
        {...form.text("username")}
      />
    </>
  );
}

function MailgunFields({ form }: Fields) {
  return (
    <>
      <TextInput
        label="Sending domain"
        description="As it is called at Mailgun"
        placeholder="mg.example.com"
        autoComplete="off"
        {...form.text("providerScope")}
      />
      <ServerChoice form={form} servers={mailgunServers} />
    </>
  );
}

/** The first server is the one that goes without saying. */
function ServerChoice({
  form,
  servers,
}: Fields & { readonly servers: readonly { readonly value: string; readonly label: string }[] }) {
  const { host } = form.values;
  const isOther = host !== "" && !servers.some(({ value }) => value === host);
  return (
    <Select
      label="Region"
      allowDeselect={false}
      data={[...servers, ...(isOther ? [{ value: host, label: host }] : [])]}
      value={host === "" ? (servers[0]?.value ?? null) : host}
      onChange={(chosen) => form.set("host", chosen ?? host)}
    />
  );
}

function PostmarkFields({ form }: Fields) {
  return (
    <TextInput
      label="Message stream"
      description="Its ID: broadcast for mailings, outbound for transactional mail"
      placeholder="broadcast"
      autoComplete="off"
      {...form.text("providerScope")}
    />
  );
}
