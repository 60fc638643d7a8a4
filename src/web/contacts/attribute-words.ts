import type { FieldType } from "#core/messages/contact-schema.ts";

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
