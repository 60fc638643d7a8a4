import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { useMemo } from "react";
import { issueOf } from "../ui/form-issues.ts";
import type { useForm } from "../ui/useForm.ts";
import { type Attribute, AttributeField } from "./AttributeField.tsx";
import type { ContactValues } from "./contact-values.ts";
import { listCountries, listTimeZones } from "./person-words.ts";

type ContactForm = ReturnType<typeof useForm<ContactValues>>;

/** The fields of a contact: those that everybody has, then the custom attributes of this workspace. */
export function ContactFields({
  form,
  attributes,
}: {
  readonly form: ContactForm;
  readonly attributes: readonly Attribute[];
}) {
  const countries = useMemo(() => [...listCountries()], []);
  const zones = useMemo(() => [...listTimeZones(form.values.timeZone)], [form.values.timeZone]);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <TextInput label="Email" type="email" autoComplete="off" {...form.text("email")} />
      <TextInput
        label="Language"
        description="Such as de or pt-BR"
        inputWrapperOrder={["label", "input", "description", "error"]}
        autoComplete="off"
        {...form.text("language")}
      />
      <TextInput label="First name" autoComplete="off" {...form.text("firstName")} />
      <TextInput label="Last name" autoComplete="off" {...form.text("lastName")} />
      <TextInput label="City" autoComplete="off" {...form.text("city")} />
      <Select
        label="Country"
        searchable
        clearable
        data={countries}
        {...form.value("country")}
        value={form.values.country || null}
        onChange={(value) => form.set("country", value ?? "")}
      />
      <Select
        label="Time zone"
        searchable
        clearable
        limit={60}
        data={zones}
        {...form.value("timeZone")}
        value={form.values.timeZone || null}
        onChange={(value) => form.set("timeZone", value ?? "")}
      />
      {attributes.map((attribute) => (
        <AttributeField
          key={attribute.key}
          attribute={attribute}
          value={form.values.attributes[attribute.key]}
          error={issueOf(form.issues, `attributes.${attribute.key}`)}
          onChange={(value) => form.set("attributes", { ...form.values.attributes, [attribute.key]: value })}
        />
      ))}
    </SimpleGrid>
  );
}
