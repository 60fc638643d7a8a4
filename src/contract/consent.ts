import { z } from "zod";
import { suppressionCategories } from "#core/consent/may-send.ts";
import { idSchema } from "#core/kernel/ids.ts";
import { defineRoute, pageOf, pageQuery } from "./route.ts";

const time = z.iso.datetime();

export const Suppression = z.object({
  id: idSchema("suppression"),
  address: z.string(),
  category: z.enum(suppressionCategories),
  reason: z.string(),
  source: z.string(),
  since: time,
  expiresAt: time.nullable(),
  liftedAt: time.nullable(),
});

export const ConsentEvent = z.object({
  at: time,
  topicId: idSchema("topic").nullable(),
  topicName: z.string().nullable(),
  kind: z.enum(["granted", "withdrawn"]),
  source: z.string(),
  wording: z.string().nullable(),
  actor: z.string().nullable(),
  ip: z.string().nullable(),
});

/** Where the consent of a contact's address stands. */
export const ContactConsent = z.object({
  /** When all commercial mail was refused; null if it is not. */
  optedOutAt: time.nullable(),
  topics: z.array(
    z.object({
      topicId: idSchema("topic"),
      name: z.string(),
      state: z.enum(["granted", "withdrawn", "none"]),
      since: time.nullable(),
    }),
  ),
  suppressions: z.array(Suppression),
});

const ofContact = z.object({ id: idSchema("contact") });

/** The consent of addresses. */
export const consentRoutes = {
  ofContact: defineRoute({
    id: "consent.ofContact",
    method: "GET",
    path: "/api/contacts/:id/consent",
    summary: "Says what a contact's address agreed to and why it may not be mailed.",
    access: "contacts:read",
    params: ofContact,
    response: ContactConsent,
    errors: ["contacts.not-found"],
  }),
  record: defineRoute({
    id: "consent.record",
    method: "POST",
    path: "/api/contacts/:id/consent",
    summary:
      "Records that somebody agreed or withdrew, as told to you. A null topic means all commercial mail.",
    access: "contacts:write",
    params: ofContact,
    body: z.object({
      topicId: idSchema("topic").nullable(),
      kind: z.enum(["granted", "withdrawn"]),
      /** What the person was shown or said. */
      wording: z.string().trim().max(2000).optional(),
    }),
    response: ContactConsent,
    errors: ["contacts.not-found", "consent.topic-not-found", "consent.topic-archived"],
  }),
  history: defineRoute({
    id: "consent.history",
    method: "GET",
    path: "/api/contacts/:id/consent/history",
    summary: "Lists the ledger of a contact's address, newest first.",
    access: "contacts:read",
    params: ofContact,
    query: pageQuery,
    response: pageOf(ConsentEvent),
    errors: ["contacts.not-found"],
  }),
  settings: defineRoute({
    id: "consent.settings",
    method: "GET",
    path: "/api/consent/settings",
    summary: "Gives the consent settings of the workspace.",
    access: "settings:read",
    response: z.object({ requireOptIn: z.boolean() }),
  }),
  changeSettings: defineRoute({
    id: "consent.changeSettings",
    method: "PUT",
    path: "/api/consent/settings",
    summary: "Says whether commercial mail needs an opt-in for its topic (the default), or only no refusal.",
    access: "settings:write",
    body: z.object({ requireOptIn: z.boolean() }),
    response: z.object({ requireOptIn: z.boolean() }),
  }),
} as const;

/** Addresses that must not be mailed. */
export const suppressionRoutes = {
  list: defineRoute({
    id: "suppressions.list",
    method: "GET",
    path: "/api/suppressions",
    summary: "Lists suppressions, newest first.",
    access: "contacts:read",
    query: pageQuery.extend({
      /** The beginning of an address. */
      search: z.string().trim().max(320).optional(),
      category: z.enum(suppressionCategories).optional(),
      state: z.enum(["active", "ended", "all"]).default("active"),
    }),
    response: pageOf(Suppression),
  }),
  add: defineRoute({
    id: "suppressions.add",
    method: "POST",
    path: "/api/suppressions",
    summary: "Suppresses addresses by hand, whether or not they are contacts.",
    access: "contacts:write",
    body: z.object({
      addresses: z.array(z.string().max(1000)).min(1).max(1000),
      reason: z.string().trim().min(1).max(500),
      expiresAt: time.nullable().default(null),
    }),
    response: z.object({
      added: z.number().int(),
      /** Suppressed by hand already; reason and expiry are left as they were. */
      known: z.number().int(),
      invalid: z.array(z.object({ address: z.string(), problem: z.string() })),
    }),
  }),
  lift: defineRoute({
    id: "suppressions.lift",
    method: "POST",
    path: "/api/suppressions/:id/lift",
    summary: "Ends a suppression, with a reason that goes into the audit log.",
    access: "settings:write",
    params: z.object({ id: idSchema("suppression") }),
    body: z.object({ reason: z.string().trim().min(1).max(500) }),
    response: Suppression,
    errors: ["consent.suppression-not-found"],
  }),
} as const;
