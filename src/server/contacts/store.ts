import { refuse } from "#contract/errors.ts";
import type { ContactField } from "#core/contacts/contact-field.ts";
import { type Queries, sql } from "../platform/index.ts";

/** The fields that every contact has; null where nothing is known. */
export type Person = { readonly [field in ContactField]: string | null };

export type Contact = Person & {
  readonly id: string;
  readonly email: string;
  readonly emailKey: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export const personColumns = sql`first_name as "firstName", last_name as "lastName", language, time_zone as "timeZone", country, city`;
const columns = sql`id, email, email_key as "emailKey", ${personColumns}, attributes, created_at as "createdAt", updated_at as "updatedAt"`;

export async function findContact(db: Queries, id: string): Promise<Contact | undefined> {
  return db.first(sql`select ${columns} from contacts where id = ${id}`);
}

/** The contact; refuses if there is none. */
export async function getContact(db: Queries, id: string): Promise<Contact> {
  return (await findContact(db, id)) ?? refuse("contacts.not-found");
}

/** The contact, locked until the transaction ends. */
export async function lockContact(tx: Queries, id: string): Promise<Contact> {
  const contact = await tx.first<Contact>(sql`select ${columns} from contacts where id = ${id} for update`);
  return contact ?? refuse("contacts.not-found");
}

/** The address of a contact, and its key, under which consent and suppression are kept. */
export async function getContactAddress(db: Queries, id: string): Promise<{ email: string; key: string }> {
  const row = await db.first<{ email: string; key: string }>(
    sql`select email, email_key as key from contacts where id = ${id}`,
  );
  return row ?? refuse("contacts.not-found");
}

export async function findContactByKey(db: Queries, emailKey: string): Promise<Contact | undefined> {
  return db.first(sql`select ${columns} from contacts where email_key = ${emailKey}`);
}

export type NewContact = Person & {
  readonly email: string;
  readonly emailKey: string;
  readonly attributes: Readonly<Record<string, unknown>>;
};

/** Adds a contact; undefined if the address has one. */
export async function insertContact(tx: Queries, contact: NewContact): Promise<Contact | undefined> {
  return tx.first(sql`
    insert into contacts (email, email_key, first_name, last_name, language, time_zone, country, city, attributes)
    values (${contact.email}, ${contact.emailKey}, ${contact.firstName}, ${contact.lastName}, ${contact.language},
            ${contact.timeZone}, ${contact.country}, ${contact.city}, ${contact.attributes})
    on conflict (email_key) do nothing returning ${columns}`);
}

/** Writes all fields of a contact anew. */
export async function updateContact(tx: Queries, id: string, contact: NewContact): Promise<Contact> {
  const row = await tx.first<Contact>(sql`
    update contacts set email = ${contact.email}, email_key = ${contact.emailKey}, first_name = ${contact.firstName},
      last_name = ${contact.lastName}, language = ${contact.language}, time_zone = ${contact.timeZone},
      country = ${contact.country}, city = ${contact.city}, attributes = ${contact.attributes}, updated_at = now()
    where id = ${id} returning ${columns}`);
  return row ?? refuse("contacts.not-found");
}

export async function deleteContact(tx: Queries, id: string): Promise<void> {
  await tx.run(sql`delete from contacts where id = ${id}`);
}
