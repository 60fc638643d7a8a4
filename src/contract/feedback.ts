import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { defineRoute, done, pageOf, pageQuery } from "./route.ts";

const time = z.iso.datetime();
export const reportKinds = [
  "bounce",
  "delay",
  "delivered",
  "complaint",
  "unsubscribe",
  "auto-reply",
  "not-understood",
] as const;

/** When an address that is often unreachable is left alone, and for how long. */
export const SoftBounceSettings = z.object({
  inARow: z.number().int().min(2).max(50),
  /** For the first time, the second …; the last one holds for all later ones. */
  termsDays: z.array(z.number().int().min(1).max(3650)).min(1).max(10),
  /** A delivery that did not come back for so long ends the row. */
  settledAfterDays: z.number().int().min(1).max(30),
});

/** Where a report came in: mail to us, a mailbox that is looked into, or a webhook by its id. */
const way = z.union([z.enum(["smtp", "imap"]), idSchema("webhook")]);

export const Report = z.object({
  id: idSchema("report"),
  kind: z.enum(reportKinds),
  way,
  /** Null: about nothing that was sent from here. */
  deliveryId: idSchema("delivery").nullable(),
  /** Of a bounce. */
  category: z.string().nullable(),
  diagnostic: z.string(),
  sender: z.string(),
  subject: z.string(),
  hasSource: z.boolean(),
  at: time,
});

export const FeedbackState = z.object({
  inbound: z.object({
    /** Null: not awaited, because no port is set. */
    port: z.number().int().nullable(),
    /** Where routes let bounces go to. */
    domains: z.array(z.string()),
    /** Whether STARTTLS is offered. */
    hasTls: z.boolean(),
    /** Refused since it began: forged addresses, those of nobody here, and mail that is too large. */
    refused: z.object({
      forged: z.number(),
      unknown: z.number(),
      tooLarge: z.number(),
      lastAt: time.nullable(),
    }),
  }),
  /** Within the last 30 days. */
  counts: z.array(z.object({ kind: z.enum(reportKinds), total: z.number().int(), lastAt: time })),
  softBounces: SoftBounceSettings,
});

const byId = z.object({ id: idSchema("report") });

/** What comes back about mail that was sent. */
export const feedbackRoutes = {
  state: defineRoute({
    id: "feedback.state",
    method: "GET",
    path: "/api/feedback",
    summary: "Shows how reports come in, how many came within 30 days, and the policy for soft bounces.",
    access: "settings:read",
    response: FeedbackState,
  }),
  list: defineRoute({
    id: "feedback.list",
    method: "GET",
    path: "/api/feedback/reports",
    summary:
      "Lists bounces, complaints and all else that came back within 90 days, newest first; one kind or one way in on request.",
    access: "contacts:read",
    query: pageQuery.extend({ kind: z.enum(reportKinds).optional(), way: way.optional() }),
    response: pageOf(Report),
  }),
  source: defineRoute({
    id: "feedback.source",
    method: "GET",
    path: "/api/feedback/reports/:id/source",
    summary: "Gives the first 64 KB of a mail that was not understood.",
    access: "contacts:read",
    params: byId,
    response: "stream",
    contentType: "application/octet-stream",
    errors: ["feedback.no-source"],
  }),
  setSoftBounces: defineRoute({
    id: "feedback.setSoftBounces",
    method: "PUT",
    path: "/api/feedback/soft-bounces",
    summary: "Sets how many soft bounces in a row suppress an address, and for how long.",
    access: "settings:write",
    body: SoftBounceSettings,
    response: SoftBounceSettings,
  }),
} as const;

export const webhookProviders = ["ses", "sendgrid", "mailgun", "postmark"] as const;
export type WebhookProvider = (typeof webhookProviders)[number];

export const Webhook = z.object({
  id: idSchema("webhook"),
  name: z.string(),
  provider: z.enum(webhookProviders),
  /** What the provider is given. Null for people who may not change settings. */
  address: z.string().nullable(),
  /** Until when the address before is taken too; null if there is none. */
  previousUntil: time.nullable(),
  /** Amazon SES: the only topic that is listened to. */
  topicArn: z.string().nullable(),
  /** Whether a key is kept. It is never shown. */
  hasKey: z.boolean(),
  /** Since it was made. `foreign`: not known to be about mail from here; `other`: of no matter; `refused`: not proved, with the last reason. */
  counts: z.array(
    z.object({ kind: z.string(), total: z.number(), lastAt: time, note: z.string().nullable() }),
  ),
  createdAt: time,
});

const webhookFields = {
  name: z.string().trim().min(1).max(200),
  topicArn: z
    .string()
    .trim()
    .regex(/^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w.-]{1,256}$/, "Expected the ARN of an SNS topic")
    .nullable()
    .default(null),
  /** SendGrid: the verification key; Mailgun: the webhook signing key; Postmark: user:password, if wanted. */
  key: z.string().trim().min(1).max(2000).nullable().optional(),
};
const byWebhook = z.object({ id: idSchema("webhook") });

/** Addresses that mail providers tell about bounces, complaints and unsubscribing. */
export const webhookRoutes = {
  list: defineRoute({
    id: "webhooks.list",
    method: "GET",
    path: "/api/webhooks",
    summary: "Lists the addresses that mail providers tell what came back, with how much came.",
    access: "settings:read",
    response: z.object({ items: z.array(Webhook) }),
  }),
  create: defineRoute({
    id: "webhooks.create",
    method: "POST",
    path: "/api/webhooks",
    summary: "Makes an address for a mail provider. What proves the provider is given with it.",
    access: "settings:write",
    body: z.object({ ...webhookFields, provider: z.enum(webhookProviders) }),
    response: Webhook,
    errors: ["feedback.webhook-key-not-usable"],
  }),
  change: defineRoute({
    id: "webhooks.change",
    method: "PUT",
    path: "/api/webhooks/:id",
    summary: "Changes name, topic or key. A key that is left out stays, null takes it away.",
    access: "settings:write",
    params: byWebhook,
    body: z.object(webhookFields),
    response: Webhook,
    errors: ["feedback.webhook-not-found", "feedback.webhook-key-not-usable"],
  }),
  rotate: defineRoute({
    id: "webhooks.rotate",
    method: "POST",
    path: "/api/webhooks/:id/rotate",
    summary: "Makes another address. The one before is taken for a day more.",
    access: "settings:write",
    params: byWebhook,
    response: Webhook,
    errors: ["feedback.webhook-not-found"],
  }),
  remove: defineRoute({
    id: "webhooks.remove",
    method: "DELETE",
    path: "/api/webhooks/:id",
    summary: "Takes an address away, with its counts. What it told stays.",
    access: "settings:write",
    params: byWebhook,
    response: done,
    errors: ["feedback.webhook-not-found"],
  }),
} as const;

const folder = z.string().trim().min(1).max(200);
const mailboxFields = {
  isOn: z.boolean(),
  host: z
    .string()
    .trim()
    .max(253)
    .regex(/^[a-z0-9.:-]*[a-z0-9][a-z0-9.:-]*$/i, "Expected a host name or an IP address"),
  port: z.number().int().min(1).max(65_535),
  tls: z.enum(["implicit", "starttls", "none"]),
  trustedCertificate: z.string().max(20_000).startsWith("-----BEGIN CERTIFICATE-----").nullable(),
  username: z.string().min(1).max(320),
  folder,
  /** Where mail goes that was taken in; null: it is deleted. */
  doneFolder: folder.nullable(),
  /** Where mail goes that could not be taken in. */
  quarantineFolder: folder,
};
const MailboxWanted = z
  .object({ ...mailboxFields, password: z.string().min(1).max(1000).optional() })
  .refine(({ folder, doneFolder }) => doneFolder !== folder, {
    path: ["doneFolder"],
    message: "Expected another folder than the one that is looked into",
  })
  .refine(({ folder, quarantineFolder }) => quarantineFolder !== folder, {
    path: ["quarantineFolder"],
    message: "Expected another folder than the one that is looked into",
  });

export const BounceMailbox = z.object({
  /** Null: none is looked into. */
  mailbox: z
    .object({
      settings: z.object(mailboxFields),
      lookedAt: time.nullable(),
      /** How many were in the folder then. */
      waiting: z.number().int().nullable(),
      /** Why it cannot be looked into now; null while it can. */
      trouble: z.object({ message: z.string(), since: time }).nullable(),
      taken: z.number(),
      /** Set aside, because they are too large or could not be recorded. */
      quarantined: z.number(),
    })
    .nullable(),
});

/** The one mailbox that is looked into for what came back. Its password is kept sealed and never shown. */
export const bounceMailboxRoutes = {
  show: defineRoute({
    id: "bounceMailbox.show",
    method: "GET",
    path: "/api/feedback/mailbox",
    summary: "Shows the mailbox that is looked into for bounces, and how that goes.",
    access: "settings:read",
    response: BounceMailbox,
  }),
  set: defineRoute({
    id: "bounceMailbox.set",
    method: "PUT",
    path: "/api/feedback/mailbox",
    summary: "Sets the mailbox. Changing where the password goes needs the password again.",
    access: "settings:write",
    body: MailboxWanted,
    response: BounceMailbox,
    errors: ["feedback.mailbox-password-needed"],
  }),
  remove: defineRoute({
    id: "bounceMailbox.remove",
    method: "DELETE",
    path: "/api/feedback/mailbox",
    summary: "Forgets the mailbox, its password and its counts. What was taken in stays.",
    access: "settings:write",
    response: BounceMailbox,
  }),
  test: defineRoute({
    id: "bounceMailbox.test",
    method: "POST",
    path: "/api/feedback/mailbox/test",
    summary: "Signs in to a mailbox and opens its folder, without changing anything.",
    access: "settings:write",
    body: MailboxWanted,
    response: z.object({ works: z.boolean(), message: z.string() }),
    errors: ["feedback.mailbox-password-needed"],
  }),
} as const;
