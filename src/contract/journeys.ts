import { z } from "zod";
import { exitSchema, graphSchema, tileIdSchema } from "#core/journeys/graph.ts";
import { journeyStateSchema } from "#core/journeys/lifecycle.ts";
import { journeySettingsSchema } from "#core/journeys/settings.ts";
import { idSchema } from "#core/kernel/ids.ts";
import { Finding } from "./messages.ts";
import { defineRoute, pageOf, pageQuery } from "./route.ts";

const name = z.string().trim().min(1).max(200);
const count = z.number().int();

export const JourneySummary = z.object({
  id: idSchema("journey"),
  name: z.string(),
  state: journeyStateSchema,
  isArchived: z.boolean(),
  /** Contacts that ever entered, and those on their way now. */
  entered: count,
  inside: count,
  updatedAt: z.iso.datetime(),
});

/** What the tiles refer to, by id, so that a graph can be read without asking for each thing. */
export const JourneyNames = z.object({
  segments: z.record(z.string(), z.object({ name: z.string() })),
  messages: z.record(z.string(), z.object({ name: z.string(), isLive: z.boolean() })),
  events: z.record(z.string(), z.object({ name: z.string() })),
  /** The conditions of `if` tiles in words, by tile. */
  conditions: z.record(z.string(), z.string()),
});

export const Journey = z.object({
  id: idSchema("journey"),
  name: z.string(),
  graph: graphSchema,
  settings: journeySettingsSchema,
  revision: count,
  state: journeyStateSchema,
  isArchived: z.boolean(),
  live: z
    .object({
      versionId: idSchema("journeyVersion"),
      number: count,
      publishedAt: z.iso.datetime(),
      /** Send tiles whose message has gone live anew since; they still send the version that the journey went live with. */
      tilesWithNewerMessage: z.array(tileIdSchema),
    })
    .nullable(),
  names: JourneyNames,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** Why a visit ended at a tile. */
const ending = z.enum(["end", "stopped", "erased"]);

export const JourneyNumbers = z.object({
  asOf: z.iso.datetime(),
  entered: count,
  inside: count,
  tiles: z.array(
    z.object({
      tileId: z.string(),
      arrived: count,
      /** Standing here now. */
      waiting: count,
      passed: z.partialRecord(exitSchema, count),
      left: z.partialRecord(ending, count),
    }),
  ),
});

export const groupsOfTile = ["arrived", "waiting", ...exitSchema.options, ...ending.options] as const;

export const ContactAtTile = z.object({
  contactId: idSchema("contact"),
  email: z.string(),
  name: z.string(),
  /** When the contact arrived there last, and when it left by the exit asked for. */
  arrivedAt: z.iso.datetime(),
  leftAt: z.iso.datetime().nullable(),
});

export const JourneyTrace = z.object({
  journeyId: idSchema("journey"),
  contactId: idSchema("contact"),
  enteredAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** In order. Each says in words what happened there. */
  steps: z.array(
    z.object({
      tileId: z.string(),
      title: z.string(),
      what: z.string(),
      arrivedAt: z.iso.datetime(),
      leftAt: z.iso.datetime().nullable(),
    }),
  ),
});

const params = z.object({ journeyId: idSchema("journey") });
const known = ["journey.not-found"] as const;
const changing = ["journey.not-found", "journey.wrong-state"] as const;

export const journeyRoutes = {
  list: defineRoute({
    id: "journeys.list",
    method: "GET",
    path: "/api/journeys",
    summary: "List journeys, newest change first.",
    access: "journeys:read",
    query: pageQuery.extend({
      search: z.string().max(200).optional(),
      state: z.enum([...journeyStateSchema.options, "archived", "any"]).default("any"),
    }),
    response: pageOf(JourneySummary),
  }),
  create: defineRoute({
    id: "journeys.create",
    method: "POST",
    path: "/api/journeys",
    summary: "Make a draft: a start and an end, or the given graph.",
    access: "journeys:write",
    body: z.object({ name, graph: graphSchema.optional(), settings: journeySettingsSchema.optional() }),
    response: Journey,
  }),
  get: defineRoute({
    id: "journeys.get",
    method: "GET",
    path: "/api/journeys/:journeyId",
    summary: "Read one journey with its graph.",
    access: "journeys:read",
    params,
    response: Journey,
    errors: known,
  }),
  save: defineRoute({
    id: "journeys.save",
    method: "PUT",
    path: "/api/journeys/:journeyId",
    summary: "Save the draft. Names the revision it edited, so that nobody's work is overwritten unseen.",
    access: "journeys:write",
    params,
    body: z.object({ revision: count.min(1), name, graph: graphSchema, settings: journeySettingsSchema }),
    response: Journey,
    errors: [...changing, "journey.edited-elsewhere"],
  }),
  copy: defineRoute({
    id: "journeys.copy",
    method: "POST",
    path: "/api/journeys/:journeyId/copy",
    summary: "Make a new draft with the same graph and settings.",
    access: "journeys:write",
    params,
    response: Journey,
    errors: known,
  }),
  archive: defineRoute({
    id: "journeys.archive",
    method: "POST",
    path: "/api/journeys/:journeyId/archive",
    summary: "Put a journey that is not running out of sight.",
    access: "journeys:write",
    params,
    response: Journey,
    errors: changing,
  }),
  restore: defineRoute({
    id: "journeys.restore",
    method: "POST",
    path: "/api/journeys/:journeyId/restore",
    summary: "Take an archived journey back.",
    access: "journeys:write",
    params,
    response: Journey,
    errors: known,
  }),
  check: defineRoute({
    id: "journeys.check",
    method: "GET",
    path: "/api/journeys/:journeyId/check",
    summary: "Find everything that keeps the saved draft from going live, and what is worth knowing.",
    access: "journeys:read",
    params,
    query: z.object({ audience: z.enum(["yes", "no"]).default("no") }),
    response: z.object({
      revision: count,
      findings: z.array(Finding),
      passes: z.boolean(),
      /** How many contacts would enter now, if asked for; null also while no segment is chosen. */
      audience: count.nullable(),
    }),
    errors: known,
  }),
  goLive: defineRoute({
    id: "journeys.goLive",
    method: "POST",
    path: "/api/journeys/:journeyId/go-live",
    summary: "Check, freeze and start the journey. Names the revision that was looked at.",
    access: "journeys:publish",
    params,
    body: z.object({ revision: count.min(1) }),
    response: Journey,
    errors: [...changing, "journey.edited-elsewhere", "journey.check-failed"],
  }),
  pause: defineRoute({
    id: "journeys.pause",
    method: "POST",
    path: "/api/journeys/:journeyId/pause",
    summary: "Hold everybody where they are, and hold what is queued for sending.",
    access: "journeys:publish",
    params,
    response: Journey,
    errors: changing,
  }),
  resume: defineRoute({
    id: "journeys.resume",
    method: "POST",
    path: "/api/journeys/:journeyId/resume",
    summary: "Go on. Waits that ran out meanwhile are over at once.",
    access: "journeys:publish",
    params,
    response: Journey,
    errors: changing,
  }),
  stop: defineRoute({
    id: "journeys.stop",
    method: "POST",
    path: "/api/journeys/:journeyId/stop",
    summary: "End the journey for good. Without `confirm`, answers with what would be cut off.",
    access: "journeys:publish",
    params,
    body: z.object({ confirm: z.boolean().default(false) }),
    response: Journey,
    errors: [...changing, "journey.stop-not-confirmed"],
  }),
  updateMessages: defineRoute({
    id: "journeys.updateMessages",
    method: "POST",
    path: "/api/journeys/:journeyId/update-messages",
    summary: "Send the newest live versions of its messages from now on.",
    access: "journeys:publish",
    params,
    response: Journey,
    errors: [...changing, "journey.check-failed"],
  }),
  numbers: defineRoute({
    id: "journeys.numbers",
    method: "GET",
    path: "/api/journeys/:journeyId/numbers",
    summary: "Live numbers of every tile.",
    access: "journeys:read",
    params,
    response: JourneyNumbers,
    errors: known,
  }),
  contactsAtTile: defineRoute({
    id: "journeys.contactsAtTile",
    method: "GET",
    path: "/api/journeys/:journeyId/tiles/:tileId/contacts",
    summary: "List the contacts behind a number of a tile.",
    access: "contacts:read",
    params: params.extend({ tileId: tileIdSchema }),
    query: pageQuery.extend({ group: z.enum(groupsOfTile) }),
    response: pageOf(ContactAtTile),
    errors: known,
  }),
  trace: defineRoute({
    id: "journeys.trace",
    method: "GET",
    path: "/api/journeys/:journeyId/contacts/:contactId",
    summary: "Say step by step what a contact went through, and why.",
    access: "contacts:read",
    params: params.extend({ contactId: idSchema("contact") }),
    response: JourneyTrace,
    errors: ["journey.not-found", "journey.contact-not-inside"],
  }),
} as const;
