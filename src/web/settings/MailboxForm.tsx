import {
  Button,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { bounceMailboxRoutes } from "#contract/feedback.ts";
import { useCall } from "../app/api.ts";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { type Form, useForm } from "../ui/useForm.ts";
import {
  type BounceMailbox,
  type MailboxValues,
  mailboxTls,
  toMailboxBody,
  toMailboxValues,
  usualPorts,
} from "./mailbox-values.ts";

/** The mailbox to look into: tried out with what the form holds, before it is saved. */
export function MailboxForm({
  mailbox,
  onDone,
}: {
  readonly mailbox: BounceMailbox | undefined;
  readonly onDone: () => void;
}) {
  const set = useCall(bounceMailboxRoutes.set, { changes: [bounceMailboxRoutes.show.id] });
  const form = useForm({
    initial: toMailboxValues(mailbox?.settings),
    submit: async (values) => {
      await set.mutateAsync({ body: toMailboxBody(values) });
      notify.done(values.isOn ? "The mailbox is looked into from now on" : "Mailbox saved");
      onDone();
    },
    refusals: { "feedback.mailbox-password-needed": "password" },
  });
  return (
    <form {...form.props}>
      <Stack>
        <Switch label="Look into it" {...form.check("isOn")} />
        <ServerFields form={form} hasPassword={mailbox !== undefined} />
        <FolderFields form={form} />
        <TryOut values={form.values} />
        <FormEnd form={form} action="Save mailbox">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}

type Fields = { readonly form: Form<MailboxValues> };

function ServerFields({ form, hasPassword }: Fields & { readonly hasPassword: boolean }) {
  return (
    <>
      <Group align="flex-start" wrap="nowrap">
        <TextInput
          label="Server"
          placeholder="imap.example.com"
          autoComplete="off"
          data-autofocus
          style={{ flex: 1 }}
          {...form.text("host")}
        />
        <NumberInput label="Port" w={96} min={1} max={65535} hideControls {...form.value("port")} />
      </Group>
      <Select
        label="Encryption"
        allowDeselect={false}
        data={[...mailboxTls]}
        value={form.values.tls}
        onChange={(chosen) => {
          const tls = mailboxTls.find(({ value }) => value === chosen)?.value ?? form.values.tls;
          form.set("tls", tls);
          if (form.values.port === usualPorts[form.values.tls]) form.set("port", usualPorts[tls]);
        }}
      />
      <TextInput label="User name" autoComplete="off" {...form.text("username")} />
      <PasswordInput
        label="Password"
        description={
          hasPassword ? "Leave it empty to keep the one that is set" : "Kept encrypted, never shown again"
        }
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": "Show or hide the password", tabIndex: 0 }}
        {...form.text("password")}
      />
      <Textarea
        label="Certificate to trust"
        description="Only for servers with a certificate of their own (PEM)"
        autosize
        minRows={1}
        maxRows={6}
        {...form.text("trustedCertificate")}
      />
    </>
  );
}

function FolderFields({ form }: Fields) {
  return (
    <>
      <TextInput
        label="Folder"
        description="All mail in it is taken in: use a mailbox or folder for bounces alone"
        autoComplete="off"
        {...form.text("folder")}
      />
      <Switch label="Delete what was taken in" {...form.check("isDeleted")} />
      {!form.values.isDeleted && (
        <TextInput
          label="Then moved to"
          description="Made if it is missing"
          autoComplete="off"
          {...form.text("doneFolder")}
        />
      )}
      <TextInput
        label="Set aside in"
        description="What is larger than 20 MB or cannot be recorded"
        autoComplete="off"
        {...form.text("quarantineFolder")}
      />
    </>
  );
}

function TryOut({ values }: { readonly values: MailboxValues }) {
  const test = useCall(bounceMailboxRoutes.test);
  return (
    <div>
      <Button
        variant="default"
        loading={test.isPending}
        onClick={() => test.mutate({ body: toMailboxBody(values) }, { onError: notify.failed })}
      >
        Test connection
      </Button>
      <div role="status">
        {test.data && (
          <>
            <Group mt="xs">
              <StatusBadge tone={test.data.works ? "good" : "bad"}>
                {test.data.works ? "Works" : "Does not work"}
              </StatusBadge>
            </Group>
            <Text size="sm" mt={4}>
              {test.data.message}
            </Text>
          </>
        )}
      </div>
    </div>
  );
}
