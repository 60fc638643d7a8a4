import { z } from "zod";
import { ByAgent, Counts } from "#core/insights/counts.ts";
import { idSchema } from "#core/kernel/ids.ts";
import { isTimeZone } from "#core/pages/event-times.ts";
import { defineRoute, pageOf, pageQuery } from "./route.ts";

const time = z.iso.datetime();
const count = z.number().int();

/** What numbers can be asked of: a journey, a message, one of its live versions, a template, a mailing; nothing: all. */
export const Scope = z.union([
  idSchema("journey"),
  idSchema("message"),
  idSchema("messageVersion"),
  idSchema("template"),
  idSchema("mailing"),
]);

/** Where days begin. */
const zone = { timeZone: z.string().max(64).refine(isTimeZone, "Expected an IANA time zone").default("UTC") };

/** A period by when things happened; both ends may be left out. */
const period = { from: time.optional(), to: time.optional() };

export const Reason = z.object({
  outcome: z.enum(["refused", "skipped", "given-up", "in-doubt", "bounced-later"]),
  reason: z.string(),
  count,
});

export const LinkNumbers = z.object({
  versionId: idSchema("messageVersion"),
  versionNumber: count,
  number: count,
  /** Null: the address depends on the contact. */
  url: z.string().nullable(),
  /** Where it leads since it was repaired; null: where the message says. */
  repairedUrl: z.string().nullable(),
  label: z.string(),
  place: z.string(),
  clicks: ByAgent,
});

export const TimePoint = z.object({
  at: time,
  accepted: count,
  opens: count,
  clicks: count,
  machineOpens: count,
  machineClicks: count,
  unsubscribes: count,
});
export type TimePoint = z.infer<typeof TimePoint>;

export const Report = z.object({
  asOf: time,
  /** What the numbers are of; empty for everything. */
  name: z.string(),
  counts: Counts,
  reasons: z.array(Reason),
  links: z.array(LinkNumbers),
  /** What became of the copies that contacts forwarded; not part of `counts`. */
  forwardedCopies: Counts,
});
export type Report = z.infer<typeof Report>;

export const breakdowns = ["journey", "message", "version", "template", "mailing"] as const;

export const BreakdownRow = z.object({
  id: z.string(),
  name: z.string(),
  /** When its first mailing began. */
  startedAt: time,
  counts: Counts,
});
export type BreakdownRow = z.infer<typeof BreakdownRow>;

/** The numbers that contacts can be listed for. */
export const drillMetrics = [
  "recipients",
  "accepted",
  "refused",
  "skipped",
  "given-up",
  "in-doubt",
  "bounced-later",
  "opens",
  "machine-opens",
  "clicks",
  "machine-clicks",
  "forwards",
  "unsubscribes",
] as const;

export const ContactBehind = z.object({
  /** Tells rows apart; means nothing else. */
  rowId: z.string(),
  contactId: idSchema("contact").nullable(),
  email: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  deliveryId: idSchema("delivery").nullable(),
  at: time.nullable(),
  /** The reason, the reply or the evidence, where there is one. */
  detail: z.string().nullable(),
});
export type ContactBehind = z.infer<typeof ContactBehind>;

/** What became of the mail. */
export const insightRoutes = {
  home: defineRoute({
    id: "insights.home",
    method: "GET",
    path: "/api/insights/home",
    summary: "Gives the few numbers of the first page.",
    access: "insights:read",
    query: z.object(zone),
    response: z.object({
      asOf: time,
      contacts: count,
      liveJourneys: count,
      liveMessages: count,
      waiting: count,
      /** Of the last 30 days. */
      counts: Counts,
      timeline: z.array(TimePoint),
      recent: z.array(BreakdownRow),
    }),
  }),
  report: defineRoute({
    id: "insights.report",
    method: "GET",
    path: "/api/insights/report",
    summary: "Gives all counts of a journey, message, live version, template or mailing, or of everything.",
    access: "insights:read",
    query: z.object({ of: Scope.optional(), ...period }),
    response: Report,
    errors: ["insights.not-found"],
  }),
  timeline: defineRoute({
    id: "insights.timeline",
    method: "GET",
    path: "/api/insights/timeline",
    summary: "Gives what happened by hour or day; points at which nothing happened are left out.",
    access: "insights:read",
    query: z.object({
      of: Scope.optional(),
      step: z.enum(["hour", "day"]).default("day"),
      ...zone,
      ...period,
    }),
    response: z.object({ asOf: time, step: z.enum(["hour", "day"]), points: z.array(TimePoint) }),
    errors: ["insights.not-found"],
  }),
  breakdown: defineRoute({
    id: "insights.breakdown",
    method: "GET",
    path: "/api/insights/breakdown",
    summary:
      "Lists journeys, messages, live versions, templates or mailings with their numbers, latest first.",
    access: "insights:read",
    query: pageQuery.extend({
      by: z.enum(breakdowns),
      of: Scope.optional(),
      search: z.string().trim().max(200).optional(),
    }),
    response: pageOf(BreakdownRow),
    errors: ["insights.not-found"],
  }),
  contacts: defineRoute({
    id: "insights.contacts",
    method: "GET",
    path: "/api/insights/contacts",
    summary: "Lists the contacts behind a number, one row for each delivery that it counts.",
    access: "contacts:read",
    query: pageQuery.extend({
      of: Scope,
      metric: z.enum(drillMetrics),
      /** One link of a live version, for clicks; needs `of` to be a version or a mailing. */
      link: z.coerce.number().int().min(1).optional(),
      reason: z.string().max(200).optional(),
    }),
    response: pageOf(ContactBehind),
    errors: ["insights.not-found"],
  }),
} as const;
