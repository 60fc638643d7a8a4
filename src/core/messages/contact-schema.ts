import { z } from "zod";

export const fieldTypes = [
  "text",
  "number",
  "boolean",
  "date",
  "datetime",
  "choice",
  "choices",
  "list",
] as const;
export type FieldType = (typeof fieldTypes)[number];

/** A custom attribute, as far as templates need to know it. Rows of `attribute_definitions` fit. */
export type AttributeLike = { readonly key: string; readonly type: FieldType };

/**
 * A piece of a contact that a message needs. `path` starts below `contact`, so `contact.first_name` is
 * `["first_name"]`. Its value travels as text: numbers and booleans as written in JSON, `choices` and `list` as
 * JSON (what `attributes #>> path` gives), null where the contact has none.
 */
export const FieldNeed = z.object({
  path: z.array(z.string()).min(1),
  kind: z.enum(["column", "attribute"]),
  type: z.enum(fieldTypes),
});
export type FieldNeed = z.infer<typeof FieldNeed>;

/** The fields that every contact has, by their name in templates, which is also their column. */
export const contactColumns = {
  email: "text",
  first_name: "text",
  last_name: "text",
  language: "text",
  time_zone: "text",
  country: "text",
  city: "text",
} as const satisfies Record<string, FieldType>;
