import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { fieldTypes } from "#core/messages/contact-schema.ts";
import { definitionSchema } from "#core/segments/condition.ts";
import type { Explanation } from "#core/segments/explain.ts";
import { defineRoute, done, pageOf, pageQuery } from "./route.ts";

const time = z.iso.datetime();
const name = z.string().trim().min(1).max(200);
const description = z.string().trim().max(2000);
const byId = z.object({ id: idSchema("segment") });

export const SegmentSummary = z.object({
  id: idSchema("segment"),
  name: z.string(),
  description: z.string(),
  kind: z.enum(["dynamic", "static"]),
  createdAt: time,
  updatedAt: time,
  archivedAt: time.nullable(),
});

/** Why a definition cannot be used any more, for instance because a message that it names was deleted. */
export const ConditionProblem = z.object({
  code: z.string(),
  message: z.string(),
  suggestion: z.string().nullable(),
  path: z.array(z.union([z.string(), z.number()])),
});

export const Segment = SegmentSummary.extend({
  /** Null for static segments. */
  definition: definitionSchema.nullable(),
  /** The definition as readable text. */
  text: z.string().nullable(),
  problems: z.array(ConditionProblem),
});

export const SegmentContact = z.object({
  id: idSchema("contact"),
  email: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
});

/** The tree of a condition with a verdict on each part: core/segments/explain.ts. */
const explanation: z.ZodType<Explanation> = z.object({
  kind: z.enum(["all", "any", "not", "rule"]),
  verdict: z.boolean(),
  words: z.string(),
  because: z.string().nullable(),
  of: z.array(z.lazy(() => explanation)),
});

const named = z.object({ id: z.string(), name: z.string() });
const contactIds = z.array(idSchema("contact")).min(1).max(10_000);

/** Segments: rules and hand-picked lists that yield contacts. */
export const segmentRoutes = {
  list: defineRoute({
    id: "segments.list",
    method: "GET",
    path: "/api/segments",
    summary: "Lists segments by name.",
    access: "segments:read",
    query: pageQuery.extend({
      search: z.string().trim().max(200).optional(),
      kind: z.enum(["dynamic", "static"]).optional(),
      archived: z.enum(["yes", "no"]).default("no"),
    }),
    response: pageOf(SegmentSummary),
  }),
  schema: defineRoute({
    id: "segments.schema",
    method: "GET",
    path: "/api/segments/schema",
    summary: "Gives what rules can be about: the fields of contacts, and what can be referred to by name.",
    access: "segments:read",
    response: z.object({
      fields: z.array(
        z.object({
          key: z.string(),
          label: z.string(),
          type: z.enum(fieldTypes),
          choices: z.array(z.string()),
        }),
      ),
      catalog: z.object({
        message: z.array(named),
        journey: z.array(named),
        event: z.array(named),
        topic: z.array(named),
        segment: z.array(named),
      }),
    }),
  }),
  preview: defineRoute({
    id: "segments.preview",
    method: "POST",
    path: "/api/segments/preview",
    summary: "Counts whom an unsaved definition means, with a sample of ten.",
    access: "segments:read",
    body: z.object({ definition: definitionSchema }),
    response: z.object({ total: z.number().int(), sample: z.array(SegmentContact), asOf: time }),
    errors: ["segment.invalid", "segment.circular", "segment.too-slow"],
  }),
  explain: defineRoute({
    id: "segments.explain",
    method: "POST",
    path: "/api/segments/explain",
    summary: "Says why a contact is or is not meant by a definition, rule by rule.",
    access: "segments:read",
    body: z.object({
      definition: definitionSchema,
      /** An id, or an address. */
      contact: z.string().trim().min(1).max(1000),
    }),
    response: z.object({ contact: SegmentContact, explanation, asOf: time }),
    errors: ["segment.invalid", "segment.circular", "segment.no-such-contact"],
  }),
  create: defineRoute({
    id: "segments.create",
    method: "POST",
    path: "/api/segments",
    summary: "Creates a segment: dynamic if it has a definition, static if it has none.",
    access: "segments:write",
    body: z.object({
      name,
      description: description.default(""),
      definition: definitionSchema.nullable(),
    }),
    response: Segment,
    errors: ["segment.invalid", "segment.circular", "segment.name-taken"],
  }),
  get: defineRoute({
    id: "segments.get",
    method: "GET",
    path: "/api/segments/:id",
    summary: "Gives one segment.",
    access: "segments:read",
    params: byId,
    response: Segment,
    errors: ["segment.not-found"],
  }),
  change: defineRoute({
    id: "segments.change",
    method: "PATCH",
    path: "/api/segments/:id",
    summary: "Changes a segment. Its kind stays.",
    access: "segments:write",
    params: byId,
    body: z.object({
      name: name.optional(),
      description: description.optional(),
      definition: definitionSchema.optional(),
    }),
    response: Segment,
    errors: [
      "segment.not-found",
      "segment.archived",
      "segment.invalid",
      "segment.circular",
      "segment.name-taken",
      "segment.not-dynamic",
    ],
  }),
  archive: defineRoute({
    id: "segments.archive",
    method: "POST",
    path: "/api/segments/:id/archive",
    summary: "Puts a segment away that nothing uses. It can be restored.",
    access: "segments:write",
    params: byId,
    response: done,
    errors: ["segment.not-found", "segment.in-use"],
  }),
  restore: defineRoute({
    id: "segments.restore",
    method: "POST",
    path: "/api/segments/:id/restore",
    summary: "Takes an archived segment back.",
    access: "segments:write",
    params: byId,
    response: done,
    errors: ["segment.not-found", "segment.name-taken"],
  }),
  count: defineRoute({
    id: "segments.count",
    method: "GET",
    path: "/api/segments/:id/count",
    summary: "Counts the members now.",
    access: "segments:read",
    params: byId,
    response: z.object({ total: z.number().int(), asOf: time }),
    errors: ["segment.not-found", "segment.invalid", "segment.too-slow"],
  }),
  members: defineRoute({
    id: "segments.members",
    method: "GET",
    path: "/api/segments/:id/members",
    summary: "Lists the members now, in the order in which they became contacts.",
    access: "segments:read",
    params: byId,
    query: pageQuery,
    response: pageOf(SegmentContact),
    errors: ["segment.not-found", "segment.invalid", "segment.too-slow"],
  }),
  addMembers: defineRoute({
    id: "segments.addMembers",
    method: "POST",
    path: "/api/segments/:id/members",
    summary:
      "Adds contacts to a static segment, by id or address. Says how many were new, and which addresses nobody has.",
    access: "segments:write",
    params: byId,
    body: z.object({
      contactIds: z.array(idSchema("contact")).max(10_000).default([]),
      addresses: z.array(z.string().trim().min(1).max(1000)).max(10_000).default([]),
    }),
    response: z.object({ changed: z.number().int(), unknownAddresses: z.array(z.string()) }),
    errors: ["segment.not-found", "segment.not-static", "segment.archived"],
  }),
  removeMembers: defineRoute({
    id: "segments.removeMembers",
    method: "POST",
    path: "/api/segments/:id/members/remove",
    summary: "Takes contacts out of a static segment. Says how many were members.",
    access: "segments:write",
    params: byId,
    body: z.object({ contactIds }),
    response: z.object({ changed: z.number().int() }),
    errors: ["segment.not-found", "segment.not-static", "segment.archived"],
  }),
  snapshot: defineRoute({
    id: "segments.snapshot",
    method: "POST",
    path: "/api/segments/:id/snapshot",
    summary: "Makes a static segment of those who are members now.",
    access: "segments:write",
    params: byId,
    body: z.object({ name }),
    response: Segment,
    errors: ["segment.not-found", "segment.invalid", "segment.name-taken"],
  }),
  uses: defineRoute({
    id: "segments.uses",
    method: "GET",
    path: "/api/segments/:id/uses",
    summary: "Says where a segment is used: in journeys and in other segments.",
    access: "segments:read",
    params: byId,
    response: z.object({
      journeys: z.array(
        z.object({
          id: idSchema("journey"),
          name: z.string(),
          state: z.enum(["draft", "live", "paused", "stopped", "completed"]),
        }),
      ),
      segments: z.array(z.object({ id: idSchema("segment"), name: z.string() })),
    }),
    errors: ["segment.not-found"],
  }),
};
