import type { importRoutes } from "#contract/imports.ts";
import { attributeKeyOf } from "#core/contacts/attribute-words.ts";
import { contactFieldNames, contactFields } from "#core/contacts/contact-field.ts";
import type { AnswerOf } from "../app/api.ts";

export type Target = AnswerOf<typeof importRoutes.get>["columns"][number]["target"];

type KnownAttribute = { readonly key: string; readonly label: string };

/** The one choice that starts an attribute of its own. */
const newAttribute = "new";

/** The choice that a target is, as a select holds it: "email", "field:city", "attribute:age", "new", "ignore". */
export function choiceOf(target: Target): string {
  switch (target.kind) {
    case "field":
      return `field:${target.field}`;
    case "attribute":
      return `attribute:${target.key}`;
    case "new-attribute":
      return newAttribute;
    default:
      return target.kind;
  }
}

/** The target that a choice means for a column of this header. An unknown choice ignores the column. */
export function targetOf(choice: string, header: string): Target {
  if (choice === "email") return { kind: "email" };
  if (choice === newAttribute)
    return {
      kind: "new-attribute",
      key: attributeKeyOf(header) || "column",
      label: header.trim().slice(0, 200) || "Column",
      type: "text",
    };
  const [kind, name] = choice.split(":");
  const field = contactFieldNames.find((known) => known === name);
  if (kind === "field" && field) return { kind: "field", field };
  if (kind === "attribute" && name) return { kind: "attribute", key: name };
  return { kind: "ignore" };
}

/** What a column can become, grouped for a select. */
export function targetChoices(attributes: readonly KnownAttribute[]) {
  return [
    {
      group: "Contact",
      items: [
        { value: "email", label: "Email address" },
        ...contactFieldNames.map((name) => ({ value: `field:${name}`, label: contactFields[name].label })),
      ],
    },
    {
      group: "Attributes",
      items: [
        ...attributes.map(({ key, label }) => ({ value: `attribute:${key}`, label })),
        { value: newAttribute, label: "New attribute…" },
      ],
    },
    { group: "Otherwise", items: [{ value: "ignore", label: "Leave this column out" }] },
  ];
}
