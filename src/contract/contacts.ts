import { z } from "zod";
import { contactFields } from "#core/contacts/contact-field.ts";
import { idSchema } from "#core/kernel/ids.ts";
import { fieldTypes } from "#core/messages/contact-schema.ts";
import { defineRoute, done, pageOf, pageQuery } from "./route.ts";

const time = z.iso.datetime();
const field = (name: keyof typeof contactFields) =>
  z.string().trim().max(contactFields[name].maxLength).nullable();

/** Custom attributes by key. What may be in them is declared by the attribute definitions. */
const attributes = z.record(z.string(), z.unknown());

const person = {
  firstName: field("firstName"),
  lastName: field("lastName"),
  /** BCP 47, such as `de` or `pt-BR`. */
  language: field("language"),
  /** IANA, such as `Europe/Berlin`. */
  timeZone: field("timeZone"),
  /** ISO 3166-1 alpha-2. */
  country: field("country"),
  city: field("city"),
};

/** Answers hold what is stored, which may be older than a limit. */
const shown = {
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  language: z.string().nullable(),
  timeZone: z.string().nullable(),
  country: z.string().nullable(),
  city: z.string().nullable(),
};

export const ContactSummary = z.object({
  id: idSchema("contact"),
  email: z.string(),
  ...shown,
  /** True while mail to the address is suppressed for any reason. */
  isSuppressed: z.boolean(),
  createdAt: time,
});

export const Contact = z.object({
  id: idSchema("contact"),
  email: z.string(),
  ...shown,
  attributes,
  createdAt: time,
  updatedAt: time,
});

/** Which contacts a list or an export is about. All that are given must hold. */
export const contactFilter = z.object({
  /** The beginning of an address, or of a first or last name; case does not matter. */
  search: z.string().trim().max(200).optional(),
  country: z.string().trim().max(2).optional(),
  city: z.string().trim().max(200).optional(),
  /** Contacts whose address agreed to this topic. */
  topicId: idSchema("topic").optional(),
  suppressed: z.enum(["yes", "no"]).optional(),
});

export const AttributeDefinition = z.object({
  key: z.string(),
  label: z.string(),
  type: z.enum(fieldTypes),
  choices: z.array(z.string()),
  defaultValue: z.unknown(),
  position: z.number().int(),
  createdAt: time,
});

const attributeKey = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "Use small letters, digits and _, beginning with a letter");
const choices = z.array(z.string().trim().min(1).max(200)).max(500);
const attributeWords = { label: z.string().trim().min(1).max(200), choices, defaultValue: z.unknown() };

/** One thing that happened with a contact, for the timeline. */
export const TimelineEntry = z.object({
  at: time,
  source: z.enum(["interaction", "delivery", "journey", "consent"]),
  /** Interaction kind, delivery outcome, exit of a tile, or `granted`/`withdrawn`. */
  kind: z.string(),
  messageId: idSchema("message").nullable(),
  messageName: z.string().nullable(),
  journeyId: idSchema("journey").nullable(),
  journeyName: z.string().nullable(),
  deliveryId: idSchema("delivery").nullable(),
  /** True for opens and clicks that are believed to be by a machine. */
  isMachine: z.boolean(),
  /** Whatever else tells something: `link`, `reason`, `reply`, `tile`, `tileKind`, `event`, `topic`, `source`. */
  details: z.record(z.string(), z.string()),
});

const byId = z.object({ id: idSchema("contact") });

/** Contacts. */
export const contactRoutes = {
  list: defineRoute({
    id: "contacts.list",
    method: "GET",
    path: "/api/contacts",
    summary: "Lists contacts, newest first.",
    access: "contacts:read",
    query: pageQuery.extend(contactFilter.shape),
    response: pageOf(ContactSummary),
  }),
  count: defineRoute({
    id: "contacts.count",
    method: "GET",
    path: "/api/contacts/count",
    summary: "Counts contacts by the same filters.",
    access: "contacts:read",
    query: contactFilter,
    response: z.object({ total: z.number().int() }),
  }),
  export: defineRoute({
    id: "contacts.export",
    method: "GET",
    path: "/api/contacts/export",
    summary: "Streams all matching contacts as CSV that spreadsheets do not run as formulas.",
    access: "contacts:read",
    query: contactFilter,
    response: "stream",
    contentType: "text/csv; charset=utf-8",
  }),
  create: defineRoute({
    id: "contacts.create",
    method: "POST",
    path: "/api/contacts",
    summary: "Adds a contact. This is no consent to mail it.",
    access: "contacts:write",
    body: z.object({
      email: z.string().max(1000),
      ...z.object(person).partial().shape,
      attributes: attributes.optional(),
    }),
    response: Contact,
    errors: ["contacts.address-invalid", "contacts.address-taken", "contacts.values-invalid"],
  }),
  get: defineRoute({
    id: "contacts.get",
    method: "GET",
    path: "/api/contacts/:id",
    summary: "Gives one contact.",
    access: "contacts:read",
    params: byId,
    response: Contact,
    errors: ["contacts.not-found"],
  }),
  change: defineRoute({
    id: "contacts.change",
    method: "PATCH",
    path: "/api/contacts/:id",
    summary: "Changes the fields and attributes that are sent; null clears one. Others stay.",
    access: "contacts:write",
    params: byId,
    body: z.object({
      email: z.string().max(1000).optional(),
      ...z.object(person).partial().shape,
      attributes: attributes.optional(),
    }),
    response: Contact,
    errors: [
      "contacts.not-found",
      "contacts.address-invalid",
      "contacts.address-taken",
      "contacts.values-invalid",
    ],
  }),
  delete: defineRoute({
    id: "contacts.delete",
    method: "DELETE",
    path: "/api/contacts/:id",
    summary:
      "Deletes a contact for good; `confirm` must be its address. Consent and suppression of the address stay.",
    access: "contacts:erase",
    params: byId,
    query: z.object({ confirm: z.string().max(1000).optional() }),
    response: done,
    errors: ["contacts.not-found", "contacts.confirmation-missing"],
  }),
  timeline: defineRoute({
    id: "contacts.timeline",
    method: "GET",
    path: "/api/contacts/:id/timeline",
    summary: "Lists what happened with a contact, newest first.",
    access: "contacts:read",
    params: byId,
    query: pageQuery,
    response: pageOf(TimelineEntry),
    errors: ["contacts.not-found"],
  }),
} as const;

/** The schema of custom attributes. */
export const attributeRoutes = {
  list: defineRoute({
    id: "attributes.list",
    method: "GET",
    path: "/api/attributes",
    summary: "Lists the custom attributes that contacts can have.",
    access: "contacts:read",
    response: z.object({ items: z.array(AttributeDefinition) }),
  }),
  create: defineRoute({
    id: "attributes.create",
    method: "POST",
    path: "/api/attributes",
    summary: "Declares a custom attribute. Its key and type never change.",
    access: "settings:write",
    body: z.object({
      key: attributeKey,
      type: z.enum(fieldTypes),
      label: attributeWords.label,
      choices: choices.default([]),
      defaultValue: z.unknown().optional(),
    }),
    response: AttributeDefinition,
    errors: ["contacts.attribute-taken", "contacts.values-invalid"],
  }),
  change: defineRoute({
    id: "attributes.change",
    method: "PATCH",
    path: "/api/attributes/:key",
    summary:
      "Changes label, choices, default or position. A choice that is taken away stays where contacts have it.",
    access: "settings:write",
    params: z.object({ key: attributeKey }),
    body: z.object({
      label: attributeWords.label.optional(),
      choices: choices.optional(),
      defaultValue: z.unknown().optional(),
      position: z.number().int().min(0).max(100_000).optional(),
    }),
    response: AttributeDefinition,
    errors: ["contacts.attribute-not-found", "contacts.values-invalid"],
  }),
  delete: defineRoute({
    id: "attributes.delete",
    method: "DELETE",
    path: "/api/attributes/:key",
    summary: "Removes an attribute and, in the background, its values from all contacts.",
    access: "settings:write",
    params: z.object({ key: attributeKey }),
    response: done,
    errors: ["contacts.attribute-not-found"],
  }),
} as const;
