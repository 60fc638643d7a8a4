import { MultiSelect, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import type { attributeRoutes } from "#contract/contacts.ts";
import { unreachable } from "#core/kernel/unreachable.ts";
import type { AnswerOf } from "../app/api.ts";
import { fromLocalInput, toLocalInput } from "./contact-values.ts";

export type Attribute = AnswerOf<typeof attributeRoutes.list>["items"][number];

type Props = {
  readonly attribute: Attribute;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
};

const textOf = (value: unknown) => (value === null || value === undefined ? "" : String(value));

/** One custom attribute of a contact, edited as its type wants it. */
export function AttributeField(props: Props) {
  const { attribute, value, error, onChange } = props;
  const field = { label: attribute.label, error };
  switch (attribute.type) {
    case "text":
      return (
        <TextInput
          {...field}
          value={textOf(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...field}
          value={typeof value === "number" ? value : ""}
          onChange={(next) => onChange(next === "" ? null : Number(next))}
        />
      );
    case "boolean":
      return (
        <Select
          {...field}
          clearable
          placeholder="Not set"
          value={typeof value === "boolean" ? String(value) : null}
          data={[
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]}
          onChange={(next) => onChange(next === null ? null : next === "true")}
        />
      );
    case "date":
      return (
        <TextInput
          {...field}
          type="date"
          value={textOf(value).slice(0, 10)}
          onChange={(event) => onChange(event.currentTarget.value || null)}
        />
      );
    case "datetime":
      return (
        <TextInput
          {...field}
          type="datetime-local"
          description="In your time zone"
          value={toLocalInput(value)}
          onChange={(event) => onChange(fromLocalInput(event.currentTarget.value))}
        />
      );
    case "choice":
      return (
        <Select
          {...field}
          clearable
          searchable
          value={textOf(value) || null}
          data={choicesOf(attribute, [value])}
          onChange={onChange}
        />
      );
    case "choices": {
      const chosen = Array.isArray(value) ? value.map(textOf) : [];
      return (
        <MultiSelect
          {...field}
          clearable
          searchable
          value={chosen}
          data={choicesOf(attribute, chosen)}
          onChange={onChange}
        />
      );
    }
    case "list":
      return <ListField {...props} />;
    default:
      return unreachable(attribute.type);
  }
}

/** The declared choices, and those a contact still has although they were taken away. */
function choicesOf({ choices }: Attribute, chosen: readonly unknown[]): string[] {
  return [...new Set([...choices, ...chosen.map(textOf).filter(Boolean)])];
}

/** A list of objects, as JSON. The text is kept while it is being typed; only what parses is handed on. */
function ListField({ attribute, value, error, onChange }: Props) {
  const [text, setText] = useState(
    value === null || value === undefined ? "" : JSON.stringify(value, null, 2),
  );
  const [isBroken, setBroken] = useState(false);
  function change(next: string): void {
    setText(next);
    try {
      onChange(next.trim() === "" ? null : JSON.parse(next));
      setBroken(false);
    } catch {
      setBroken(true);
    }
  }
  return (
    <Textarea
      label={attribute.label}
      description="A list of objects, in JSON"
      autosize
      minRows={2}
      maxRows={14}
      ff="monospace"
      value={text}
      error={isBroken ? "This is not JSON yet; the last readable list is kept." : error}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
