import { z } from "zod";
import { BreakerLimits } from "#core/delivery/breakers.ts";
import { SendingPolicy } from "#core/delivery/sending-policy.ts";
import { idSchema } from "#core/kernel/ids.ts";
import { defineRoute, pageOf, pageQuery } from "./route.ts";

const time = z.iso.datetime();
const count = z.number().int();
export const outcomes = ["accepted", "refused", "skipped", "given-up", "in-doubt"] as const;

/** Where the recipients of a mailing stand. `recipients` is the sum of all the others, always. */
export const MailingTotals = z.object({
  recipients: count,
  queued: count,
  accepted: count,
  refused: count,
  skipped: count,
  givenUp: count,
  inDoubt: count,
});

export const Mailing = z.object({
  id: idSchema("mailing"),
  kind: z.enum(["journey", "forward", "test", "transactional"]),
  designation: z.enum(["commercial", "transactional"]),
  messageId: idSchema("message"),
  messageName: z.string(),
  messageVersionId: idSchema("messageVersion"),
  journeyId: idSchema("journey").nullable(),
  journeyName: z.string().nullable(),
  routeId: idSchema("route").nullable(),
  state: z.enum(["running", "paused", "cancelled"]),
  pauseReason: z.string().nullable(),
  totals: MailingTotals,
  /** Every recipient has a fate, and nothing more is handed over to it. */
  isComplete: z.boolean(),
  createdAt: time,
});

export const Delivery = z.object({
  id: idSchema("delivery"),
  mailingId: idSchema("mailing"),
  messageId: idSchema("message"),
  messageName: z.string(),
  /** Null: the recipient is no contact. */
  contactId: idSchema("contact").nullable(),
  address: z.string(),
  state: z.enum(["queued", "put-off", ...outcomes]),
  /** Why it was skipped or given up, or how the refusal was classified. */
  reason: z.string().nullable(),
  /** The last answer of the other side. */
  smtpCode: z.number().int().nullable(),
  enhancedCode: z.string().nullable(),
  reply: z.string().nullable(),
  attempts: count,
  /** How often it was sent again although it may have arrived. */
  doubts: count,
  nextAttemptAt: time.nullable(),
  at: time.nullable(),
});

/** A mailing that needs a person: paused for a reason of its own, with an alarm, or with late deliveries that wait. */
export const HeldMailing = z.object({
  mailingId: idSchema("mailing"),
  messageName: z.string(),
  journeyId: idSchema("journey").nullable(),
  journeyName: z.string().nullable(),
  /** False: it goes on, and something is worth a look. */
  isPaused: z.boolean(),
  /** Paused by a circuit breaker. */
  isTripped: z.boolean(),
  /** Why it is paused, or what the alarm is; empty if only something is late. */
  reason: z.string(),
  /** Recipients that have no fate yet. */
  queued: count,
  /** Deliveries whose time passed while nothing could leave. They wait until somebody sends or skips them; others go on. */
  late: z.object({ messages: count, plannedFrom: time, plannedTo: time }).nullable(),
});

export const SendingState = z.object({
  /** Null while sending runs. */
  stopped: z
    .object({
      by: z.string(),
      at: time,
      /** `restored`: this database was restored or copied; somebody must confirm that it is the live one. */
      cause: z.enum(["person", "restored"]),
      why: z.string(),
    })
    .nullable(),
  /** What becomes of doubtful, late and undeliverable mail. */
  policy: SendingPolicy,
  /** When a mailing pauses by itself. */
  breakers: BreakerLimits,
  /** Mailings that need a person. */
  held: z.array(HeldMailing),
  /** Recipients that wait in mailings that are not paused. */
  queued: count,
  inDoubt: count,
  troubles: z.array(
    z.object({
      routeId: idSchema("route"),
      routeName: z.string(),
      phase: z.string(),
      message: z.string(),
      since: time,
      retryAt: time,
    }),
  ),
});

const byMailing = z.object({ id: idSchema("mailing") });
const byDelivery = z.object({ id: idSchema("delivery") });

/** Mailings: one live version sent from one place. */
export const mailingRoutes = {
  list: defineRoute({
    id: "mailings.list",
    method: "GET",
    path: "/api/mailings",
    summary: "Lists mailings with their totals, newest first; those of one message or journey on request.",
    access: "messages:read",
    query: pageQuery.extend({
      messageId: idSchema("message").optional(),
      journeyId: idSchema("journey").optional(),
      tests: z.enum(["yes", "no"]).default("no"),
    }),
    response: pageOf(Mailing),
  }),
  get: defineRoute({
    id: "mailings.get",
    method: "GET",
    path: "/api/mailings/:id",
    summary: "Shows a mailing with its totals.",
    access: "messages:read",
    params: byMailing,
    response: Mailing,
    errors: ["delivery.mailing-not-found"],
  }),
  deliveries: defineRoute({
    id: "mailings.deliveries",
    method: "GET",
    path: "/api/mailings/:id/deliveries",
    summary: "Lists deliveries of a mailing that have a fate, by contact; of one outcome on request.",
    access: "messages:read",
    params: byMailing,
    query: pageQuery.extend({ outcome: z.enum(outcomes).optional() }),
    response: pageOf(Delivery),
    errors: ["delivery.mailing-not-found"],
  }),
  pause: defineRoute({
    id: "mailings.pause",
    method: "POST",
    path: "/api/mailings/:id/pause",
    summary: "Begins no further batch of this mailing. What is on the wire is finished.",
    access: "sending:stop",
    params: byMailing,
    body: z.object({ reason: z.string().trim().max(500).default("") }),
    response: Mailing,
    errors: ["delivery.mailing-not-found", "delivery.mailing-cancelled"],
  }),
  resume: defineRoute({
    id: "mailings.resume",
    method: "POST",
    path: "/api/mailings/:id/resume",
    summary: "Lets a paused mailing go on where it stopped.",
    access: "sending:stop",
    params: byMailing,
    response: Mailing,
    errors: ["delivery.mailing-not-found", "delivery.mailing-cancelled"],
  }),
  cancel: defineRoute({
    id: "mailings.cancel",
    method: "POST",
    path: "/api/mailings/:id/cancel",
    summary: "Ends a mailing for good: whoever still waits is skipped.",
    access: "sending:stop",
    params: byMailing,
    response: Mailing,
    errors: ["delivery.mailing-not-found"],
  }),
  attention: defineRoute({
    id: "mailings.attention",
    method: "GET",
    path: "/api/mailings/attention",
    summary: "Lists mailings that need a person, and why; those of one journey on request.",
    access: "messages:read",
    query: z.object({ journeyId: idSchema("journey").optional() }),
    response: z.object({ items: z.array(HeldMailing) }),
  }),
  sendLate: defineRoute({
    id: "mailings.sendLate",
    method: "POST",
    path: "/api/mailings/:id/late/send",
    summary: "Sends now what waits because its time passed while nothing could leave.",
    access: "sending:stop",
    params: byMailing,
    response: Mailing,
    errors: ["delivery.mailing-not-found", "delivery.nothing-late"],
  }),
  skipLate: defineRoute({
    id: "mailings.skipLate",
    method: "POST",
    path: "/api/mailings/:id/late/skip",
    summary: "Skips what waits because its time passed while nothing could leave. It is never sent.",
    access: "sending:stop",
    params: byMailing,
    response: Mailing,
    errors: ["delivery.mailing-not-found", "delivery.nothing-late"],
  }),
} as const;

/** Single deliveries: one message to one recipient. */
export const deliveryRoutes = {
  inDoubt: defineRoute({
    id: "deliveries.inDoubt",
    method: "GET",
    path: "/api/deliveries/in-doubt",
    summary: "Lists deliveries that may or may not have arrived, newest mailing first.",
    access: "messages:read",
    query: pageQuery.extend({ mailingId: idSchema("mailing").optional() }),
    response: pageOf(Delivery),
  }),
  resolve: defineRoute({
    id: "deliveries.resolve",
    method: "POST",
    path: "/api/deliveries/in-doubt/resolve",
    summary:
      "Settles doubtful deliveries: counts them as accepted, or sends them again under the same Message-ID.",
    access: "sending:stop",
    body: z.object({
      deliveryIds: z.array(idSchema("delivery")).min(1).max(1000),
      as: z.enum(["accepted", "resend"]),
    }),
    response: z.object({ resolved: count }),
    errors: ["delivery.not-in-doubt"],
  }),
  get: defineRoute({
    id: "deliveries.get",
    method: "GET",
    path: "/api/deliveries/:id",
    summary: "Shows what became of one delivery.",
    access: "contacts:read",
    params: byDelivery,
    response: Delivery,
    errors: ["delivery.not-found"],
  }),
  message: defineRoute({
    id: "deliveries.message",
    method: "GET",
    path: "/api/deliveries/:id/message",
    summary: "Makes the message of a delivery again, exactly as it was sent.",
    access: "contacts:read",
    params: byDelivery,
    response: z.object({
      subject: z.string(),
      preheader: z.string(),
      fromName: z.string(),
      fromAddress: z.string(),
      replyTo: z.string(),
      html: z.string(),
      text: z.string(),
      headers: z.array(z.object({ name: z.string(), value: z.string() })),
    }),
    errors: ["delivery.not-found", "delivery.not-rendered"],
  }),
  source: defineRoute({
    id: "deliveries.source",
    method: "GET",
    path: "/api/deliveries/:id/source",
    summary: "Gives the bytes of a message as they were sent, without the signature in front.",
    access: "contacts:read",
    params: byDelivery,
    response: "stream",
    contentType: "message/rfc822",
    errors: ["delivery.not-found", "delivery.not-rendered"],
  }),
} as const;

const domainName = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/, "Expected domains like example.com");

/** How fast mail may go to receiving domains. */
export const DomainPace = z.object({
  name: z.string().trim().min(1).max(100),
  /** They share the pace. */
  domains: z.array(domainName).min(1, "Expected a domain at least").max(100),
  /** So many messages in so many seconds, evenly. */
  messages: z.number().int().min(1).max(10_000_000),
  perSeconds: z.number().int().min(1).max(86_400),
});

const paceState = {
  /** How many wait for their turn, and when the last of them has it. */
  waiting: count,
  lastAt: time.nullable(),
};
const slowedPace = z.object({
  /** Messages a second now. It grows evenly to the whole pace. */
  perSecond: z.number(),
  /** When the whole pace is reached if the receiver says nothing more. */
  until: time,
  /** What the receiver said. */
  reply: z.string(),
});

const DomainPaces = z.object({
  items: z.array(
    DomainPace.extend({
      ...paceState,
      /** The receiver said that mail comes too fast; null while the whole pace holds. */
      slowed: slowedPace.nullable(),
    }),
  ),
  /** Domains without a rule that said so: they have a pace until then. */
  temporary: z.array(z.object({ domain: z.string(), ...paceState, slowed: slowedPace })),
});

/** Where a value was used before, by the path of the later one. */
function repeated(rules: readonly z.infer<typeof DomainPace>[]): (string | number)[][] {
  const seen = new Set<string>();
  const isNew = (key: string) => !seen.has(key) && Boolean(seen.add(key));
  return rules.flatMap(({ name, domains }, index) => [
    ...(isNew(`name ${name}`) ? [] : [["items", index, "name"]]),
    ...domains.flatMap((domain, at) => (isNew(domain) ? [] : [["items", index, "domains", at]])),
  ]);
}

/** How fast mail goes to receiving domains, for all routes and senders together. */
export const domainPaceRoutes = {
  list: defineRoute({
    id: "domainPaces.list",
    method: "GET",
    path: "/api/domain-paces",
    summary: "Lists how fast mail may go to which receiving domains, and how much waits for it.",
    access: "settings:read",
    response: DomainPaces,
  }),
  set: defineRoute({
    id: "domainPaces.set",
    method: "PUT",
    path: "/api/domain-paces",
    summary: "Replaces all rules of how fast mail may go to receiving domains.",
    access: "senders:write",
    body: z.object({ items: z.array(DomainPace).max(100) }).superRefine(({ items }, context) => {
      for (const path of repeated(items))
        context.addIssue({ code: "custom", path, message: "It is in this list already." });
    }),
    response: DomainPaces,
  }),
} as const;

/** All sending of the workspace. */
export const sendingRoutes = {
  state: defineRoute({
    id: "sending.state",
    method: "GET",
    path: "/api/sending",
    summary: "Says whether mail leaves, how much waits, and what is wrong.",
    access: "messages:read",
    response: SendingState,
  }),
  stop: defineRoute({
    id: "sending.stop",
    method: "POST",
    path: "/api/sending/stop",
    summary: "Stops all sending of the workspace from the next batch on.",
    access: "sending:stop",
    response: SendingState,
  }),
  resume: defineRoute({
    id: "sending.resume",
    method: "POST",
    path: "/api/sending/resume",
    summary: "Lets all sending go on where it stopped.",
    access: "sending:stop",
    response: SendingState,
    errors: ["delivery.restored"],
  }),
  setPolicy: defineRoute({
    id: "sending.setPolicy",
    method: "PUT",
    path: "/api/sending/policy",
    summary: "Decides what happens to mail that is in doubt, late or cannot be delivered.",
    access: "settings:write",
    body: SendingPolicy,
    response: SendingState,
  }),
  confirmLive: defineRoute({
    id: "sending.confirmLive",
    method: "POST",
    path: "/api/sending/confirm-live",
    summary: "Confirms that this restored or copied database is the live one, and lets sending go on.",
    access: "settings:write",
    response: SendingState,
    errors: ["delivery.not-locked"],
  }),
  setBreakers: defineRoute({
    id: "sending.setBreakers",
    method: "PUT",
    path: "/api/sending/breakers",
    summary: "Decides when a mailing pauses by itself because of bounces, refusals, doubt or complaints.",
    access: "settings:write",
    body: BreakerLimits,
    response: SendingState,
  }),
  verify: defineRoute({
    id: "sending.verify",
    method: "GET",
    path: "/api/sending/verify",
    summary: "Proves every total against its rows and says what does not add up.",
    access: "messages:read",
    response: z.object({ holds: z.boolean(), problems: z.array(z.string()) }),
  }),
} as const;
