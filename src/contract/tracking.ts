import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { defineRoute, done } from "./route.ts";

const address = z.string().nullable();

/** One change of where a link leads. Null as an address: where the message itself says. */
export const LinkRepair = z.object({
  number: z.number().int(),
  from: address,
  to: address,
  by: z.string(),
  at: z.iso.datetime(),
});
export type LinkRepair = z.infer<typeof LinkRepair>;

/** A link that leads elsewhere than the message says. */
export const RepairedLink = z.object({
  number: z.number().int(),
  label: z.string(),
  /** What was sent; null: the address depends on the contact. */
  sentUrl: address,
  url: z.string(),
});

const byVersion = { versionId: idSchema("messageVersion") };

/** Links of messages that were sent. */
export const linkRoutes = {
  repairs: defineRoute({
    id: "links.repairs",
    method: "GET",
    path: "/api/message-versions/:versionId/link-repairs",
    summary: "Lists who changed where links of a live version lead, latest first.",
    access: "messages:read",
    params: z.object(byVersion),
    response: z.object({ items: z.array(LinkRepair) }),
    errors: ["message.no-such-version"],
  }),
  repair: defineRoute({
    id: "links.repair",
    method: "PUT",
    path: "/api/message-versions/:versionId/links/:number",
    summary:
      "Leads a link of a live version elsewhere, also in messages that were sent already; null leads it back to where the message says.",
    access: "messages:publish",
    params: z.object({ ...byVersion, number: z.coerce.number().int().min(1) }),
    body: z.object({ url: z.string().trim().min(1).max(2000).nullable() }),
    response: LinkRepair,
    errors: ["message.no-such-version", "links.not-found", "links.not-an-address", "links.leads-there"],
  }),
  ofDelivery: defineRoute({
    id: "links.ofDelivery",
    method: "GET",
    path: "/api/deliveries/:id/repaired-links",
    summary: "Lists the links of a delivery that lead elsewhere than the message says.",
    access: "messages:read",
    params: z.object({ id: idSchema("delivery") }),
    response: z.object({ items: z.array(RepairedLink) }),
  }),
} as const;

/** By which rules hits are judged. Those that come with the program have their version; these can be set. */
export const TrackingRules = z.object({
  /** Rises with every change; each verdict names the one it came from. */
  number: z.number().int(),
  networks: z.array(z.string()),
  hiddenLink: z.boolean(),
  actorLabel: z.string(),
  at: z.iso.datetime(),
});
export type TrackingRules = z.infer<typeof TrackingRules>;

/** A run that judges what is stored again. */
export const HitReview = z.object({
  state: z.enum(["running", "finished", "cancelled"]),
  since: z.iso.datetime().nullable(),
  /** From 0 to 1. */
  progress: z.number(),
  judged: z.number().int(),
  changed: z.number().int(),
  actorLabel: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type HitReview = z.infer<typeof HitReview>;

export const TrackingKey = z.object({
  /** Stands in every token that was signed with it. */
  kid: z.number().int(),
  state: z.enum(["waiting", "signs", "verifies", "retired"]),
  madeBy: z.string(),
  createdAt: z.iso.datetime(),
  signsFrom: z.iso.datetime(),
  /** When the next key took over; null while none did. */
  signedUntil: z.iso.datetime().nullable(),
  canRetire: z.boolean(),
  retiredAt: z.iso.datetime().nullable(),
  retiredBy: z.string().nullable(),
});
export type TrackingKey = z.infer<typeof TrackingKey>;

export const TrackingKeyList = z.object({
  items: z.array(TrackingKey),
  /** The newest key is older than a year. */
  isNewKeySuggested: z.boolean(),
});
export type TrackingKeyList = z.infer<typeof TrackingKeyList>;

/** The keys that sign links, how people are told from machines, and judging again. */
export const trackingRoutes = {
  keys: defineRoute({
    id: "tracking.keys",
    method: "GET",
    path: "/api/tracking/keys",
    summary: "Lists the keys that sign links and beacons, newest first. Secrets are never shown.",
    access: "settings:read",
    response: TrackingKeyList,
  }),
  makeKey: defineRoute({
    id: "tracking.makeKey",
    method: "POST",
    path: "/api/tracking/keys",
    summary: "Makes a new key, which signs from a minute later on. Links signed before go on working.",
    access: "settings:write",
    response: TrackingKeyList,
    errors: ["tracking.key-waiting", "tracking.keys-used-up"],
  }),
  retireKey: defineRoute({
    id: "tracking.retireKey",
    method: "POST",
    path: "/api/tracking/keys/:kid/retire",
    summary:
      "Trusts a compromised key no longer: links and beacons signed with it stop working, unsubscribing by them does not.",
    access: "settings:write",
    params: z.object({ kid: z.coerce.number().int().min(1).max(255) }),
    response: TrackingKeyList,
    errors: ["tracking.no-such-key", "tracking.key-in-use"],
  }),

  rules: defineRoute({
    id: "tracking.rules",
    method: "GET",
    path: "/api/tracking/rules",
    summary: "Gives the rules by which hits are judged, and the last run that judged stored ones again.",
    access: "settings:read",
    response: z.object({ rules: TrackingRules, review: HitReview.nullable() }),
  }),
  setRules: defineRoute({
    id: "tracking.setRules",
    method: "PUT",
    path: "/api/tracking/rules",
    summary:
      "Sets the networks of scanners and whether messages that go live carry a hidden link. Holds for hits judged from now on.",
    access: "settings:write",
    body: z.object({
      networks: z.array(z.string().trim().max(60)).max(1000),
      hiddenLink: z.boolean(),
    }),
    response: TrackingRules,
    errors: ["tracking.not-a-network"],
  }),
  review: defineRoute({
    id: "tracking.review",
    method: "POST",
    path: "/api/tracking/review",
    summary:
      "Judges stored hits again by the rules that hold now, all or those since a day. Numbers move, journeys do not.",
    access: "settings:write",
    body: z.object({ since: z.iso.date().nullable().default(null) }),
    response: HitReview,
    errors: ["tracking.review-running"],
  }),
  cancelReview: defineRoute({
    id: "tracking.cancelReview",
    method: "DELETE",
    path: "/api/tracking/review",
    summary: "Stops judging stored hits again. What was judged stays judged.",
    access: "settings:write",
    response: done,
    errors: ["tracking.no-review"],
  }),
} as const;

/** What a person should know about taking opens, clicks and unsubscribes. */
export const troubleRoutes = {
  list: defineRoute({
    id: "tracking.troubles",
    method: "GET",
    path: "/api/tracking/troubles",
    summary:
      "Lists machines that lost opens and clicks, and those that are silent and may hold unsubscribes.",
    access: "messages:read",
    response: z.object({
      at: z.iso.datetime(),
      lost: z.array(
        z.object({
          host: z.string(),
          hits: z.number().int(),
          since: z.iso.datetime(),
          until: z.iso.datetime(),
        }),
      ),
      silent: z.array(
        z.object({
          host: z.string(),
          heardAt: z.iso.datetime(),
          /** Whether commercial mail still waits for it. */
          isWaitedFor: z.boolean(),
        }),
      ),
    }),
  }),
  seen: defineRoute({
    id: "tracking.troublesSeen",
    method: "POST",
    path: "/api/tracking/troubles/seen",
    summary: "Says that a person has seen the troubles as they were listed at a time. What came since stays.",
    access: "sending:stop",
    body: z.object({ at: z.iso.datetime() }),
    response: done,
  }),
} as const;
