import type { Shape, TemplateSchema } from "../template/analyse.ts";
import type { PathKey } from "../template/program.ts";
import { type AttributeLike, contactColumns, type FieldNeed, type FieldType } from "./contact-schema.ts";

/** The links to the product's own pages, by their name in templates. */
export const ownLinks = ["subscription_center", "unsubscribe", "forward", "view_in_browser"] as const;
export type OwnLink = (typeof ownLinks)[number];

/** The columns of the content settings that templates see; own texts and social networks come on top, by key. */
export const settingNames = [
  "company_name",
  "postal_address",
  "website_url",
  "logo_url",
  "brand_color",
  "from_name",
  "from_address",
  "reply_to",
  "facebook",
  "instagram",
  "linkedin",
  "x",
  "youtube",
] as const;

const messageNames = ["name", "subject"];

/**
 * Everything a message can name. Own texts of content settings are not known while a message is written, as each
 * journey brings its own settings: any plain key below `settings` is let through.
 */
export function messageSchema(attributes: readonly AttributeLike[]): TemplateSchema {
  const types = fieldTypes(attributes);
  return {
    names: [
      ...[...types.keys()].map((key) => `contact.${key}`),
      ...settingNames.map((key) => `settings.${key}`),
      ...ownLinks.map((key) => `links.${key}`),
      ...messageNames.map((key) => `message.${key}`),
      "journey.name",
    ],
    shapeOf: (root, keys) => {
      const [key] = keys;
      if (root === "now" || root === "today") return keys.length === 0 ? "scalar" : undefined;
      if (typeof key !== "string") return undefined;
      if (root === "contact") return contactShape(types.get(key), keys);
      if (keys.length > 1 && !(keys.length === 2 && keys[1] === "size")) return undefined;
      if (root === "settings") return "scalar";
      if (root === "links") return ownLinks.some((name) => name === key) ? "scalar" : undefined;
      if (root === "message") return messageNames.includes(key) ? "scalar" : undefined;
      return root === "journey" && key === "name" ? "scalar" : undefined;
    },
  };
}

function contactShape(type: FieldType | undefined, keys: readonly PathKey[]): Shape | undefined {
  if (type === undefined) return undefined;
  if (type === "list" || type === "choices") return keys.length === 1 ? "list" : "any";
  return keys.length === 1 || (keys.length === 2 && keys[1] === "size") ? "scalar" : undefined;
}

function fieldTypes(attributes: readonly AttributeLike[]): ReadonlyMap<string, FieldType> {
  return new Map([
    ...attributes.map(({ key, type }): [string, FieldType] => [key, type]),
    ...Object.entries(contactColumns),
  ]);
}

/** What to fetch for `contact.<key>`; undefined if contacts have no such field. */
export function fieldNeed(key: string, attributes: readonly AttributeLike[]): FieldNeed | undefined {
  const column = Object.entries(contactColumns).find(([name]) => name === key);
  if (column) return { path: [key], kind: "column", type: column[1] };
  const attribute = attributes.find((candidate) => candidate.key === key);
  return attribute && { path: [key], kind: "attribute", type: attribute.type };
}
