import type { FieldType } from "../messages/contact-schema.ts";

export type { FieldType };

/** A field that rules can ask about: a built-in column or a custom attribute. */
export type Field = {
  readonly key: string;
  readonly label: string;
  readonly type: FieldType;
  readonly choices: readonly string[];
};

/** Columns of every contact. All are text, except when the contact was created. */
export const builtInFields = [
  { key: "email", label: "Email", type: "text", choices: [] },
  { key: "first_name", label: "First name", type: "text", choices: [] },
  { key: "last_name", label: "Last name", type: "text", choices: [] },
  { key: "language", label: "Language", type: "text", choices: [] },
  { key: "time_zone", label: "Time zone", type: "text", choices: [] },
  { key: "country", label: "Country", type: "text", choices: [] },
  { key: "city", label: "City", type: "text", choices: [] },
  { key: "created_at", label: "Created", type: "datetime", choices: [] },
] as const satisfies readonly Field[];

export const textColumns = [
  "email",
  "first_name",
  "last_name",
  "language",
  "time_zone",
  "country",
  "city",
] as const;
export type TextColumn = (typeof textColumns)[number];

/** True if a key names a built-in text column; a custom attribute never shadows one. */
export function isTextColumn(key: string): key is TextColumn {
  return textColumns.some((column) => column === key);
}

/** All fields of a schema: the built-in ones, then the custom ones. */
export function allFields(custom: readonly Field[]): readonly Field[] {
  return [...builtInFields, ...custom.filter(({ key }) => !builtInFields.some((field) => field.key === key))];
}
