import { Button, Code, ColorInput, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { contentRoutes } from "#contract/content.ts";
import { exampleOfTags, problemsOfTags } from "#core/messages/link-tags.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { useGo, useParam, useUnsavedGuard } from "../app/navigation.ts";
import { paths } from "../app/paths.ts";
import { useCan } from "../app/session.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { issueOf } from "../ui/form-issues.ts";
import { LinkTagFields } from "../ui/LinkTagFields.tsx";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { Panel } from "../ui/Panel.tsx";
import { StatusBadge } from "../ui/StatusBadge.tsx";
import { useForm } from "../ui/useForm.ts";
import { When } from "../ui/When.tsx";
import { SocialLinks, Texts } from "./ContentEntries.tsx";
import { type ContentForm, initialOf } from "./content-form.ts";
import { fromEntries } from "./content-values.ts";

type Settings = AnswerOf<typeof contentRoutes.get>;

/** One set of content settings. */
export function ContentSettingsPage() {
  const id = useParam("id");
  const { data } = useSuspenseQuery(ask(contentRoutes.get, { params: { id } }));
  return (
    <>
      <PageHeader
        title={data.name}
        badge={data.isDefault && <StatusBadge tone="good">Default</StatusBadge>}
        lead={
          <>
            Changed <When at={data.updatedAt} />. Messages sent from now on show it.
          </>
        }
        back={{ label: "Content settings", href: paths.contentSettings() }}
        actions={<Actions settings={data} />}
      />
      <SettingsForm key={data.updatedAt} settings={data} />
    </>
  );
}

function Actions({ settings: { id, name, isDefault } }: { readonly settings: Settings }) {
  const canWrite = useCan("settings:write");
  const go = useGo();
  const makeDefault = useCall(contentRoutes.makeDefault, { changes: ["contentSettings."] });
  const remove = useCall(contentRoutes.delete);
  if (!canWrite || isDefault) return null;
  return (
    <>
      <Button
        variant="default"
        loading={makeDefault.isPending}
        onClick={() => makeDefault.mutate({ params: { id } }, { onError: notify.failed })}
      >
        Make default
      </Button>
      <ConfirmButton
        question={{
          title: `Delete “${name}”?`,
          body: "This cannot be undone. It is refused while a journey uses them.",
          action: "Delete",
        }}
        onConfirmed={async () => {
          await remove.mutateAsync({ params: { id } });
          notify.done("Content settings deleted");
          go(paths.contentSettings());
        }}
      >
        Delete
      </ConfirmButton>
    </>
  );
}

function SettingsForm({ settings }: { readonly settings: Settings }) {
  const canWrite = useCan("settings:write");
  const change = useCall(contentRoutes.change, { changes: ["contentSettings."] });
  const form = useForm({
    initial: initialOf(settings),
    check: ({ linkTags }) =>
      problemsOfTags(linkTags).map(({ path, message }) => ({ path: `linkTags.${path}`, message })),
    submit: async ({ socialLinks, texts, ...rest }) => {
      const body = { ...rest, socialLinks: fromEntries(socialLinks), texts: fromEntries(texts) };
      await change.mutateAsync({ params: { id: settings.id }, body });
      notify.done("Content settings saved");
    },
  });
  useUnsavedGuard(form.isDirty);
  return (
    <form {...form.props}>
      <fieldset disabled={!canWrite} style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0 }}>
        <Sender form={form} />
        <Look form={form} />
        <SocialLinks form={form} />
        <Texts form={form} />
        <TagsOfLinks form={form} />
        <Panel>
          <Stack>{canWrite && <FormEnd form={form} action="Save content settings" />}</Stack>
        </Panel>
      </fieldset>
    </form>
  );
}

function Sender({ form }: { readonly form: ContentForm }) {
  return (
    <Panel title="Sender" lead="Commercial mail must say who sends it, and where they are.">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <TextInput label="Name of these settings" {...form.text("name")} />
        <TextInput label="Company name" {...form.text("companyName")} />
        <Textarea label="Postal address" autosize minRows={2} {...form.text("postalAddress")} />
        <TextInput label="Website" type="url" placeholder="https://" {...form.text("websiteUrl")} />
        <TextInput
          label="From name"
          description="Unless a message says otherwise"
          {...form.text("fromName")}
        />
        <TextInput
          label="From address"
          description="Unless a message says otherwise"
          type="email"
          {...form.text("fromAddress")}
        />
        <TextInput
          label="Replies go to"
          description="The from address, if it is empty"
          type="email"
          {...form.text("replyTo")}
        />
      </SimpleGrid>
    </Panel>
  );
}

function TagsOfLinks({ form }: { readonly form: ContentForm }) {
  const { value, onChange } = form.value("linkTags");
  const names = { journeyName: "Spring invitation", messageName: "First letter" };
  return (
    <Panel
      title="Link tags"
      lead={
        <>
          Tell your web statistics where visitors come from. Links that are counted lead on with them, within
          seconds of saving and also in mail that was sent. Texts can name <Code>{"{{ journey.name }}"}</Code>{" "}
          and <Code>{"{{ message.name }}"}</Code>; a message can have its own.
        </>
      }
    >
      <LinkTagFields
        value={value}
        onChange={onChange}
        problemOf={(field) => issueOf(form.issues, `linkTags.${field}`)}
        example={exampleOfTags(value, names)}
      />
    </Panel>
  );
}

function Look({ form }: { readonly form: ContentForm }) {
  return (
    <Panel
      title="Look and pages"
      lead="For templates, the subscription centre and the page to forward a message."
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <ColorInput
          label="Brand colour"
          format="hex"
          eyeDropperButtonProps={{ "aria-label": "Pick a colour from the screen" }}
          {...form.value("brandColor")}
        />
        <TextInput label="Logo" type="url" placeholder="https://" {...form.text("logoUrl")} />
        <Textarea
          label="Text on the subscription centre"
          autosize
          minRows={2}
          {...form.text("centerIntro")}
        />
        <Textarea label="Text on the page to forward" autosize minRows={2} {...form.text("forwardIntro")} />
      </SimpleGrid>
    </Panel>
  );
}
