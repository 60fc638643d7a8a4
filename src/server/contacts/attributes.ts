import { refuse } from "#contract/errors.ts";
import { type AttributeRule, readAttributeValue } from "#core/contacts/attribute-value.ts";
import { contactColumns, type FieldType } from "#core/messages/contact-schema.ts";
import { type Queries, sql } from "../platform/index.ts";

/** A custom attribute as it is declared. */
export type AttributeDefinition = AttributeRule & {
  readonly label: string;
  readonly defaultValue: unknown;
  readonly position: number;
  readonly createdAt: Date;
};

const columns = sql`key, label, type, choices, default_value as "defaultValue", position, created_at as "createdAt"`;

/** Keys that templates, segments or JavaScript mean something else by. */
const reserved = new Set([
  ...Object.keys(contactColumns),
  "id",
  "attributes",
  "created_at",
  "updated_at",
  "constructor",
]);

/** Says whether an attribute may have this key at all. */
export function isReservedKey(key: string): boolean {
  return reserved.has(key);
}

/** All attributes in their order. */
export async function listAttributes(db: Queries): Promise<AttributeDefinition[]> {
  return db.rows(sql`select ${columns} from attribute_definitions order by position, key`);
}

export type NewAttribute = {
  readonly key: string;
  readonly label: string;
  readonly type: FieldType;
  readonly choices: readonly string[];
  readonly defaultValue?: unknown;
};

/** Checks what a person declared: choices where they are needed only, and a default that fits. */
function checkRule(rule: AttributeRule, defaultValue: unknown): string | null {
  const takesChoices = rule.type === "choice" || rule.type === "choices";
  if (takesChoices && rule.choices.length === 0)
    refuse("contacts.values-invalid", { problems: { choices: "Name at least one choice." } });
  if (!takesChoices && rule.choices.length > 0)
    refuse("contacts.values-invalid", { problems: { choices: "Only choices have choices." } });
  if (defaultValue === undefined || defaultValue === null) return null;
  const read = readAttributeValue(rule, defaultValue);
  if (!read.ok) return refuse("contacts.values-invalid", { problems: { defaultValue: read.error } });
  return JSON.stringify(read.value);
}

/**
 * Declares an attribute. Its key must be free, also of values that a deleted attribute of that name still has in contacts
 * until the job behind `deleteAttribute` is done.
 */
export async function insertAttribute(tx: Queries, attribute: NewAttribute): Promise<AttributeDefinition> {
  const { key, label, type } = attribute;
  if (isReservedKey(key)) refuse("contacts.attribute-taken", { key });
  const choices = [...new Set(attribute.choices)];
  const defaultValue = checkRule({ key, type, choices }, attribute.defaultValue);
  const row = await tx.first<AttributeDefinition>(sql`
    insert into attribute_definitions (key, label, type, choices, default_value, position)
    select ${key}, ${label}, ${type}, ${choices}::text[], ${defaultValue}::jsonb,
      (select coalesce(max(position), 0) + 1 from attribute_definitions)
    where not exists (select 1 from jobs where kind = ${forgetAttributeJob} and payload ->> 'key' = ${key})
    on conflict (key) do nothing returning ${columns}`);
  return row ?? refuse("contacts.attribute-taken", { key });
}

export const forgetAttributeJob = "contacts.forget-attribute";

export type AttributeChange = {
  readonly label?: string | undefined;
  readonly choices?: readonly string[] | undefined;
  readonly defaultValue?: unknown;
  readonly position?: number | undefined;
};

export async function changeAttribute(
  tx: Queries,
  key: string,
  change: AttributeChange,
): Promise<AttributeDefinition> {
  const before = await tx.first<AttributeDefinition>(
    sql`select ${columns} from attribute_definitions where key = ${key} for update`,
  );
  if (!before) return refuse("contacts.attribute-not-found");
  const choices = change.choices === undefined ? before.choices : [...new Set(change.choices)];
  const wanted = "defaultValue" in change ? change.defaultValue : before.defaultValue;
  const defaultValue = checkRule({ ...before, choices }, wanted);
  const row = await tx.first<AttributeDefinition>(sql`
    update attribute_definitions set label = ${change.label ?? before.label}, choices = ${[...choices]}::text[],
      default_value = ${defaultValue}::jsonb, position = ${change.position ?? before.position}
    where key = ${key} returning ${columns}`);
  return row ?? refuse("contacts.attribute-not-found");
}

export async function deleteAttribute(tx: Queries, key: string): Promise<void> {
  if ((await tx.run(sql`delete from attribute_definitions where key = ${key}`)) === 0)
    refuse("contacts.attribute-not-found");
}

/** Takes an attribute's values out of the contacts whose row number is in [from, to). Returns nothing to do twice. */
export async function forgetAttributeValues(
  db: Queries,
  key: string,
  from: bigint,
  to: bigint,
): Promise<void> {
  await db.run(sql`
    update contacts set attributes = attributes - ${key}::text
    where id >= ${from.toString()} and id < ${to.toString()} and jsonb_exists(attributes, ${key})`);
}
