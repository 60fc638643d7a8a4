import { Button, Code, Group, Select, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { IconForms, IconPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { attributeRoutes } from "#contract/contacts.ts";
import { attributeKeyOf, fieldTypeWords } from "#core/contacts/attribute-words.ts";
import { type FieldType, fieldTypes } from "#core/messages/contact-schema.ts";
import { type AnswerOf, ask, useCall } from "../app/api.ts";
import { useCan } from "../app/session.ts";
import { ConfirmButton } from "../ui/confirm.tsx";
import { DataTable } from "../ui/DataTable.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { FormEnd } from "../ui/FormEnd.tsx";
import { notify } from "../ui/notify.tsx";
import { PageHeader } from "../ui/PageHeader.tsx";
import { SidePanel } from "../ui/SidePanel.tsx";
import { useForm } from "../ui/useForm.ts";
import { toSettings } from "./settings-back.ts";

type Attribute = AnswerOf<typeof attributeRoutes.list>["items"][number];

/** The schema of contacts: what is known of them besides the fields that everybody has. */
export function AttributesPage() {
  const { data } = useSuspenseQuery(ask(attributeRoutes.list, {}));
  const canWrite = useCan("settings:write");
  const [edited, setEdited] = useState<Attribute | "new">();
  const remove = useCall(attributeRoutes.delete, { changes: ["attributes.", "contacts."] });
  const close = () => setEdited(undefined);
  const add = canWrite && (
    <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={() => setEdited("new")}>
      New attribute
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Contact attributes"
        lead="Used in segments and in messages, besides email, names, language, time zone, country and city."
        back={toSettings}
        actions={data.items.length > 0 && add}
      />
      <DataTable
        label="Attributes"
        rows={data.items}
        rowKey={({ key }) => key}
        empty={
          <EmptyState icon={<IconForms size={28} />} title="No attributes yet" action={add}>
            Declare what you know of people, such as membership number, birthday or interests. An import can
            do it too, from the columns of the file.
          </EmptyState>
        }
        columns={[
          { key: "label", header: "Label", cell: ({ label }) => <strong>{label}</strong> },
          { key: "type", header: "Type", cell: ({ type }) => fieldTypeWords[type] },
          { key: "key", header: "In messages", cell: ({ key }) => <Code>{`{{ contact.${key} }}`}</Code> },
          {
            key: "choices",
            header: "Choices",
            isMinor: true,
            cell: ({ choices }) => (
              <Text size="sm" c="dimmed" lineClamp={1}>
                {choices.join(", ") || "–"}
              </Text>
            ),
          },
          {
            key: "do",
            header: "Actions",
            isHeaderHidden: true,
            align: "right",
            cell: (attribute) =>
              canWrite && (
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  <Button size="compact-sm" variant="default" onClick={() => setEdited(attribute)}>
                    Edit
                  </Button>
                  <ConfirmButton
                    size="compact-sm"
                    question={{
                      title: `Remove “${attribute.label}”?`,
                      body: "Its values are removed from all contacts. This cannot be undone.",
                      action: "Remove attribute",
                    }}
                    onConfirmed={() => remove.mutateAsync({ params: { key: attribute.key } })}
                  >
                    Remove
                  </ConfirmButton>
                </Group>
              ),
          },
        ]}
      />
      <SidePanel
        title={edited === "new" ? "New attribute" : "Attribute"}
        isOpen={edited !== undefined}
        onClose={close}
      >
        {edited === "new" && <NewAttribute onDone={close} />}
        {edited && edited !== "new" && <EditAttribute attribute={edited} onDone={close} />}
      </SidePanel>
    </>
  );
}

const hasChoices = (type: FieldType) => type === "choice" || type === "choices";

function NewAttribute({ onDone }: { readonly onDone: () => void }) {
  const create = useCall(attributeRoutes.create, { changes: ["attributes."] });
  const [isKeyOwn, setKeyOwn] = useState(false);
  const initial: {
    readonly label: string;
    readonly key: string;
    readonly type: FieldType;
    readonly choices: readonly string[];
  } = { label: "", key: "", type: "text", choices: [] };
  const form = useForm({
    initial,
    refusals: { "contacts.attribute-taken": "key" },
    submit: async ({ choices, ...body }) => {
      await create.mutateAsync({ body: { ...body, choices: hasChoices(body.type) ? [...choices] : [] } });
      notify.done("Attribute added");
      onDone();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput
          label="Label"
          data-autofocus
          autoComplete="off"
          {...form.text("label")}
          onChange={(event) => {
            form.set("label", event.currentTarget.value);
            if (!isKeyOwn) form.set("key", attributeKeyOf(event.currentTarget.value));
          }}
        />
        <TextInput
          label="Key"
          description="In messages and in the API. It cannot be changed later."
          autoComplete="off"
          {...form.text("key")}
          onChange={(event) => {
            form.set("key", event.currentTarget.value);
            setKeyOwn(true);
          }}
        />
        <Select
          label="Type"
          description="It cannot be changed later."
          allowDeselect={false}
          data={fieldTypes.map((type) => ({ value: type, label: fieldTypeWords[type] }))}
          value={form.values.type}
          onChange={(chosen) =>
            form.set("type", fieldTypes.find((type) => type === chosen) ?? form.values.type)
          }
        />
        {hasChoices(form.values.type) && (
          <TagsInput
            label="Choices"
            description="Press Enter after each"
            value={[...form.values.choices]}
            onChange={(choices) => form.set("choices", choices)}
          />
        )}
        <FormEnd form={form} action="Add attribute">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}

function EditAttribute({
  attribute,
  onDone,
}: {
  readonly attribute: Attribute;
  readonly onDone: () => void;
}) {
  const change = useCall(attributeRoutes.change, { changes: ["attributes."] });
  const form = useForm({
    initial: { label: attribute.label, choices: attribute.choices },
    submit: async ({ label, choices }) => {
      await change.mutateAsync({
        params: { key: attribute.key },
        body: { label, ...(hasChoices(attribute.type) ? { choices: [...choices] } : {}) },
      });
      notify.done("Attribute saved");
      onDone();
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label="Label" data-autofocus autoComplete="off" {...form.text("label")} />
        {hasChoices(attribute.type) && (
          <TagsInput
            label="Choices"
            description="A choice that is taken away stays where contacts have it."
            value={form.values.choices}
            onChange={(choices) => form.set("choices", choices)}
          />
        )}
        <FormEnd form={form} action="Save attribute">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}
