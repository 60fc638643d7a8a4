import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { eventStates } from "#core/pages/event-lifecycle.ts";
import { isTimeZone } from "#core/pages/event-times.ts";
import { defineRoute, done, pageOf, pageQuery } from "./route.ts";

const time = z.iso.datetime({ offset: true });
const webUrl = z.union([z.literal(""), z.url({ protocol: /^https?$/ }).max(2000)]);

const eventFields = {
  name: z.string().trim().min(1).max(200),
  /** The last part of the page's address: lower case letters, digits and hyphens. Made from the name if left out. */
  slug: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Expected lower case letters, digits and single hyphens")
    .max(80),
  description: z.string().trim().max(10_000),
  startsAt: time,
  endsAt: time,
  timeZone: z.string().refine(isTimeZone, "Expected an IANA time zone such as Europe/Berlin"),
  place: z.string().trim().max(500),
  /** Shown to registered people only. */
  onlineUrl: webUrl,
  /** Null: no limit. */
  capacity: z.int().min(1).max(1_000_000).nullable(),
  /** What the unticked consent box on the form is about; null: no box. */
  topicId: idSchema("topic").nullable(),
  contentSettingsId: idSchema("contentSettings").nullable(),
};

export const EventSummary = z.object({
  id: idSchema("event"),
  name: z.string(),
  slug: z.string(),
  state: z.enum(eventStates),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  timeZone: z.string(),
  capacity: z.number().int().nullable(),
  registered: z.number().int(),
  waiting: z.number().int(),
});
export type EventSummary = z.infer<typeof EventSummary>;

export const MarketingEvent = EventSummary.extend({
  description: z.string(),
  place: z.string(),
  onlineUrl: z.string(),
  topicId: idSchema("topic").nullable(),
  contentSettingsId: idSchema("contentSettings").nullable(),
  cancelled: z.number().int(),
  /** The address of the registration page. */
  pageUrl: z.string(),
  updatedAt: z.iso.datetime(),
});
export type MarketingEvent = z.infer<typeof MarketingEvent>;

export const registrationStates = ["registered", "waiting", "cancelled"] as const;

export const Registration = z.object({
  id: idSchema("registration"),
  contactId: idSchema("contact"),
  email: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  state: z.enum(registrationStates),
  registeredAt: z.iso.datetime(),
  cancelledAt: z.iso.datetime().nullable(),
});
export type Registration = z.infer<typeof Registration>;

const byId = z.object({ id: idSchema("event") });

/** Events that contacts register for. */
export const eventRoutes = {
  list: defineRoute({
    id: "events.list",
    method: "GET",
    path: "/api/events",
    summary: "Lists events, the latest first.",
    access: "events:read",
    query: pageQuery.extend({ search: z.string().trim().max(200).optional() }),
    response: pageOf(EventSummary),
  }),
  get: defineRoute({
    id: "events.get",
    method: "GET",
    path: "/api/events/:id",
    summary: "Gives one event.",
    access: "events:read",
    params: byId,
    response: MarketingEvent,
    errors: ["events.not-found"],
  }),
  create: defineRoute({
    id: "events.create",
    method: "POST",
    path: "/api/events",
    summary: "Adds an event as a draft. What is left out is empty.",
    access: "events:write",
    body: z.object({
      name: eventFields.name,
      startsAt: eventFields.startsAt,
      endsAt: eventFields.endsAt,
      timeZone: eventFields.timeZone,
      slug: eventFields.slug.optional(),
      description: eventFields.description.default(""),
      place: eventFields.place.default(""),
      onlineUrl: eventFields.onlineUrl.default(""),
      capacity: eventFields.capacity.default(null),
      topicId: eventFields.topicId.default(null),
      contentSettingsId: eventFields.contentSettingsId.default(null),
    }),
    response: MarketingEvent,
    errors: ["events.ends-before-start", "events.slug-taken", "events.reference-not-found"],
  }),
  change: defineRoute({
    id: "events.change",
    method: "PATCH",
    path: "/api/events/:id",
    summary: "Changes an event. A larger capacity moves people up from the waiting list.",
    access: "events:write",
    params: byId,
    body: z.object(eventFields).partial(),
    response: MarketingEvent,
    errors: [
      "events.not-found",
      "events.ends-before-start",
      "events.slug-taken",
      "events.reference-not-found",
    ],
  }),
  open: defineRoute({
    id: "events.open",
    method: "POST",
    path: "/api/events/:id/open",
    summary: "Opens registration.",
    access: "events:write",
    params: byId,
    response: MarketingEvent,
    errors: ["events.not-found", "events.wrong-state"],
  }),
  close: defineRoute({
    id: "events.close",
    method: "POST",
    path: "/api/events/:id/close",
    summary: "Closes registration. Those who are registered stay registered.",
    access: "events:write",
    params: byId,
    response: MarketingEvent,
    errors: ["events.not-found", "events.wrong-state"],
  }),
  cancel: defineRoute({
    id: "events.cancel",
    method: "POST",
    path: "/api/events/:id/cancel",
    summary: "Cancels the event for good; its pages say so.",
    access: "events:write",
    params: byId,
    response: MarketingEvent,
    errors: ["events.not-found", "events.wrong-state"],
  }),
  delete: defineRoute({
    id: "events.delete",
    method: "DELETE",
    path: "/api/events/:id",
    summary: "Deletes a draft that nobody registered for.",
    access: "events:write",
    params: byId,
    response: done,
    errors: ["events.not-found", "events.in-use"],
  }),
  registrations: defineRoute({
    id: "events.registrations",
    method: "GET",
    path: "/api/events/:id/registrations",
    summary: "Lists who registered, the first one first.",
    access: "events:read",
    params: byId,
    query: pageQuery.extend({ state: z.enum(registrationStates).optional() }),
    response: pageOf(Registration),
    errors: ["events.not-found"],
  }),
} as const;
