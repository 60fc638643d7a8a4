import type { FieldType } from "../../messages/contact-schema.ts";
import type { ContactField } from "../contact-field.ts";

/** What becomes of a column: contract/imports.ts says the same as a schema. */
export type ColumnTarget =
  | { readonly kind: "ignore" }
  | { readonly kind: "email" }
  | { readonly kind: "field"; readonly field: ContactField }
  | { readonly kind: "attribute"; readonly key: string }
  | {
      readonly kind: "new-attribute";
      readonly key: string;
      readonly label: string;
      readonly type: FieldType;
    };

export type Column = { readonly header: string; readonly target: ColumnTarget };

/** What is wrong with a mapping as a whole, in sentences; empty if it can be used. */
export function mappingProblems(
  targets: readonly ColumnTarget[],
  columnCount: number,
  attributeKeys: ReadonlySet<string>,
  isReserved: (key: string) => boolean,
): string[] {
  const problems: string[] = [];
  const seen = new Map<string, number>();
  if (targets.length !== columnCount)
    problems.push(`The file has ${columnCount} columns, and ${targets.length} are mapped.`);
  for (const [index, target] of targets.entries()) {
    if (target.kind === "ignore") continue;
    const name =
      target.kind === "email" ? "email" : target.kind === "field" ? target.field : `attribute ${target.key}`;
    const before = seen.get(name);
    if (before !== undefined) problems.push(`Columns ${before + 1} and ${index + 1} both become ${name}.`);
    seen.set(name, index);
    if (target.kind === "attribute" && !attributeKeys.has(target.key))
      problems.push(`Column ${index + 1} names the attribute ${target.key}, which does not exist.`);
    if (target.kind === "new-attribute" && (attributeKeys.has(target.key) || isReserved(target.key)))
      problems.push(`Column ${index + 1} would make the attribute ${target.key}, which is taken.`);
    if (target.kind === "new-attribute" && (target.type === "choice" || target.type === "choices"))
      problems.push(`Column ${index + 1}: declare an attribute with choices in the settings first.`);
  }
  if (!seen.has("email")) problems.push("No column is the email address.");
  return problems;
}
