import type { FieldNeed } from "./contact-schema.ts";

/**
 * The texts that a renderer wants, from a contact's values by template name (`first_name`, attribute keys): what
 * `attributes ->> key` gives in the database, so that a preview and a delivery start from the same.
 */
export function fieldTexts(
  fields: readonly FieldNeed[],
  values: Readonly<Record<string, unknown>>,
): readonly (string | null)[] {
  return fields.map(({ path }) => {
    const [key = ""] = path;
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    if (value === undefined || value === null) return null;
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}
