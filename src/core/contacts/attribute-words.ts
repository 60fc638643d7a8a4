import type { FieldType } from "../messages/contact-schema.ts";

/** The types of attributes as people call them. */
export const fieldTypeWords: Readonly<Record<FieldType, string>> = {
  text: "Text",
  number: "Number",
  boolean: "Yes or no",
  date: "Date",
  datetime: "Date and time",
  choice: "One choice",
  choices: "Several choices",
  list: "List of objects",
};

/** A label as the key of an attribute: small letters, digits and underscores, beginning with a letter; empty if none is left. */
export function attributeKeyOf(label: string): string {
  return label
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 63);
}
