import { domainToASCII } from "node:url";
import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { readAddress } from "#core/contacts/address.ts";
import { readAttributeValue } from "#core/contacts/attribute-value.ts";
import { type ContactField, contactFieldNames } from "#core/contacts/contact-field.ts";
import { readFieldText } from "#core/contacts/field-value.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import type { Database, Queries, Transaction } from "../platform/index.ts";
import { type AttributeDefinition, listAttributes } from "./attributes.ts";
import {
  type Contact,
  findContactByKey,
  insertContact,
  lockContact,
  type NewContact,
  type Person,
  updateContact,
} from "./store.ts";

/** What is to be known of a contact. What is left out stays as it is; null clears. */
export type ContactInput = {
  readonly email?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
} & { readonly [field in ContactField]?: string | null | undefined };

const nobody: Person & Pick<Contact, "attributes"> = {
  firstName: null,
  lastName: null,
  language: null,
  timeZone: null,
  country: null,
  city: null,
  attributes: {},
};

function addressOf(email: string): { email: string; emailKey: string } {
  const read = readAddress(email, domainToASCII);
  if (!read.ok) return refuse("contacts.address-invalid", { problem: read.error });
  return { email: read.value.email, emailKey: read.value.key };
}

/** Puts input over what is known, judging every value; refuses with all problems at once. */
function merge(
  before: Person & Pick<Contact, "attributes">,
  input: ContactInput,
  definitions: readonly AttributeDefinition[],
): Person & Pick<Contact, "attributes"> {
  const problems: Record<string, string> = {};
  const person: Record<ContactField, string | null> = { ...before };
  for (const field of contactFieldNames) {
    const given = input[field];
    if (given === undefined) continue;
    const read = readFieldText(field, given ?? "");
    if (read.ok) person[field] = read.value;
    else problems[field] = read.error;
  }
  const attributes = new Map(Object.entries(before.attributes));
  const rules = new Map(definitions.map((definition) => [definition.key, definition]));
  for (const [key, given] of Object.entries(input.attributes ?? {})) {
    const rule = rules.get(key);
    if (given === null || given === "") attributes.delete(key);
    else if (!rule) problems[`attributes.${key}`] = "There is no such attribute.";
    else {
      const read = readAttributeValue(rule, given);
      if (read.ok) attributes.set(key, read.value);
      else problems[`attributes.${key}`] = read.error;
    }
  }
  if (Object.keys(problems).length > 0) refuse("contacts.values-invalid", { problems });
  return { ...person, attributes: Object.fromEntries(attributes) };
}

async function refuseTaken(db: Queries, emailKey: string): Promise<never> {
  const other = await findContactByKey(db, emailKey);
  return refuse("contacts.address-taken", other ? { contactId: toId("contact", other.id) } : {});
}

/** Adds a contact; refuses an address that has one. */
export async function createContact(
  db: Database,
  actor: Actor,
  input: ContactInput & { readonly email: string },
): Promise<Contact> {
  return db.transaction(async (tx) => {
    const address = addressOf(input.email);
    const contact = await insertContact(tx, {
      ...address,
      ...merge(nobody, input, await listAttributes(tx)),
    });
    if (!contact) return refuseTaken(tx, address.emailKey);
    await audit(tx, actor, {
      action: "contact.created",
      subjectKind: "contact",
      subjectId: toId("contact", contact.id),
    });
    return contact;
  });
}

/** Changes what is given of a contact. A new address takes the contact to the consent of that address. */
export async function changeContact(
  db: Database,
  actor: Actor,
  id: string,
  input: ContactInput,
): Promise<Contact> {
  return db.transaction(async (tx) => {
    const before = await lockContact(tx, id);
    const address = input.email === undefined ? before : addressOf(input.email);
    const merged: NewContact = {
      email: address.email,
      emailKey: address.emailKey,
      ...merge(before, input, await listAttributes(tx)),
    };
    if (address.emailKey !== before.emailKey && (await findContactByKey(tx, address.emailKey)))
      return refuseTaken(tx, address.emailKey);
    const contact = await updateContact(tx, id, merged);
    await audit(tx, actor, {
      action: "contact.changed",
      subjectKind: "contact",
      subjectId: toId("contact", id),
      details: { fields: changedFields(input) },
    });
    return contact;
  });
}

/** Which fields were sent, without their values: the audit log is no second copy of personal data. */
function changedFields({ attributes, ...fields }: ContactInput): string[] {
  const keys = Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  return [...keys, ...Object.keys(attributes ?? {}).map((key) => `attributes.${key}`)];
}

/**
 * Finds the contact of an address or adds one: for public pages, where what somebody types about themselves fills what is
 * not known and never overwrites what is.
 */
export async function ensureContact(
  tx: Transaction,
  input: { readonly email: string } & Partial<Person>,
): Promise<Contact> {
  const address = addressOf(input.email);
  const contact = merge(nobody, input, []);
  const made = await insertContact(tx, { ...address, ...contact });
  if (made) return made;
  const known = await findContactByKey(tx, address.emailKey);
  if (!known) return ensureContact(tx, input);
  const locked = await lockContact(tx, known.id);
  const filled = contactFieldNames.filter((field) => locked[field] === null && contact[field] !== null);
  if (filled.length === 0) return locked;
  const values = Object.fromEntries(filled.map((field) => [field, contact[field]]));
  return updateContact(tx, locked.id, { ...locked, ...values });
}
