import type { fieldTypes } from "#core/messages/contact-schema.ts";
import { joinSql, type Queries, type Sql, sql } from "../platform/index.ts";

/** A custom attribute as the compiler and the editor know it. */
export type Attribute = {
  readonly key: string;
  readonly label: string;
  readonly type: (typeof fieldTypes)[number];
};

/** The declared custom attributes. */
export async function listAttributes(db: Queries): Promise<Attribute[]> {
  return db.rows<Attribute>(sql`select key, label, type from attribute_definitions order by position, key`);
}

/** The content settings of a context, as templates and the check see them. */
export type SettingsFacts = {
  readonly id: string;
  readonly name: string;
  /** By template name: company_name, postal_address, facebook, own texts. */
  readonly values: Readonly<Record<string, string>>;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string;
};

/** Content settings by row number, or the default ones. */
export async function findSettings(db: Queries, id: string | undefined): Promise<SettingsFacts | undefined> {
  return db.first<SettingsFacts>(sql`
    select id, name, from_name as "fromName", from_address as "fromAddress", reply_to as "replyTo",
      texts || social_links || jsonb_build_object(
        'company_name', company_name, 'postal_address', postal_address, 'website_url', website_url,
        'logo_url', logo_url, 'brand_color', brand_color, 'from_name', from_name,
        'from_address', from_address, 'reply_to', reply_to) as values
    from content_settings where ${id === undefined ? sql`is_default` : sql`id = ${id}`}`);
}

/** One contact with its values by template name. */
export type ContactValues = {
  readonly id: string;
  readonly email: string;
  readonly values: Readonly<Record<string, unknown>>;
};

const valuesByName = sql`
  attributes || jsonb_build_object('email', email, 'first_name', first_name, 'last_name', last_name,
    'language', language, 'time_zone', time_zone, 'country', country, 'city', city)`;

/** One contact, for a preview or a test. */
export async function findContactValues(db: Queries, id: string): Promise<ContactValues | undefined> {
  return db.first<ContactValues>(
    sql`select id, email, ${valuesByName} as values from contacts where id = ${id}`,
  );
}

const columnTexts: Readonly<Record<string, Sql>> = {
  email: sql`email`,
  first_name: sql`first_name`,
  last_name: sql`last_name`,
  language: sql`language`,
  time_zone: sql`time_zone`,
  country: sql`country`,
  city: sql`city`,
};

/** Reads a field of a contact as text, by its template name: a column, or else a custom attribute. */
export function fieldText(key: string): Sql {
  return columnTexts[key] ?? sql`attributes ->> ${key}`;
}

/**
 * The contacts to try a template on: up to 100 that lack any of the fields it uses, and the 100 newest. Missing
 * data is what makes a message break; the newest are what the next send will meet.
 */
export async function listContactValues(db: Queries, keys: readonly string[]): Promise<ContactValues[]> {
  const lacking = joinSql(
    keys.map((key) => sql`coalesce(${fieldText(key)}, '') = ''`),
    " or ",
    sql`false`,
  );
  return db.rows<ContactValues>(sql`
    (select id, email, ${valuesByName} as values from contacts where ${lacking} limit 100)
    union all
    (select id, email, ${valuesByName} as values from contacts order by id desc limit 100)`);
}

/** Domains that mail may be sent from; null means any, because the default route is the built-in test mailbox. */
export async function permittedDomains(db: Queries): Promise<readonly string[] | null> {
  const row = await db.first<{ leavesTheHouse: boolean; domains: string[] }>(sql`
    select exists (select 1 from routes where is_default and not is_mailbox) as "leavesTheHouse",
           array(select domain from sending_domains order by domain) as domains`);
  return row?.leavesTheHouse ? row.domains : null;
}

/** What was last found wrong with the domain of an address, or with its nearest parent that is a sending domain. */
export async function findSenderDomain(
  db: Queries,
  address: string,
): Promise<{ readonly domain: string; readonly faults: readonly string[] } | null> {
  const domain = /^[^{]+@([^@{]+)$/.exec(address.trim())?.[1]?.toLowerCase();
  if (domain === undefined || (await permittedDomains(db)) === null) return null;
  const row = await db.first<{ domain: string; faults: string[] }>(sql`
    select domain, array(
      select finding ->> 'message' from jsonb_array_elements(findings) finding
      where finding ->> 'severity' = 'error' and finding ->> 'check' in ('dkim', 'spf', 'dmarc')) as faults
    from sending_domains
    where checked_at is not null and (${domain} = domain or ${domain} like '%.' || domain)
    order by length(domain) desc limit 1`);
  return row ?? null;
}
