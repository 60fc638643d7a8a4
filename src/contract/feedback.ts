import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { defineRoute, pageOf, pageQuery } from "./route.ts";

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

export const Report = z.object({
  id: idSchema("report"),
  kind: z.enum(reportKinds),
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
      "Lists bounces, complaints and all else that came back within 90 days, newest first; one kind on request.",
    access: "contacts:read",
    query: pageQuery.extend({ kind: z.enum(reportKinds).optional() }),
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
