import { z } from "zod";
import { idSchema } from "#core/kernel/ids.ts";
import { defineRoute } from "./route.ts";

export const Topic = z.object({
  id: idSchema("topic"),
  name: z.string(),
  description: z.string(),
  /** Shown in the subscription centre. */
  isPublic: z.boolean(),
  position: z.number().int(),
  createdAt: z.iso.datetime(),
  archivedAt: z.iso.datetime().nullable(),
});

const name = z.string().trim().min(1).max(200);
const description = z.string().trim().max(1000);
const byId = z.object({ id: idSchema("topic") });

/** What contacts can subscribe to. */
export const topicRoutes = {
  list: defineRoute({
    id: "topics.list",
    method: "GET",
    path: "/api/topics",
    summary: "Lists topics in their order; archived ones on request.",
    access: "contacts:read",
    query: z.object({ archived: z.enum(["yes", "no"]).default("no") }),
    response: z.object({ items: z.array(Topic) }),
  }),
  counts: defineRoute({
    id: "topics.counts",
    method: "GET",
    path: "/api/topics/counts",
    summary: "Counts the addresses that agreed to each topic, and those that withdrew.",
    access: "contacts:read",
    response: z.object({
      items: z.array(
        z.object({ id: idSchema("topic"), granted: z.number().int(), withdrawn: z.number().int() }),
      ),
    }),
  }),
  create: defineRoute({
    id: "topics.create",
    method: "POST",
    path: "/api/topics",
    summary: "Adds a topic at the end.",
    access: "settings:write",
    body: z.object({ name, description: description.default(""), isPublic: z.boolean().default(true) }),
    response: Topic,
    errors: ["consent.topic-name-taken"],
  }),
  change: defineRoute({
    id: "topics.change",
    method: "PATCH",
    path: "/api/topics/:id",
    summary: "Changes a topic.",
    access: "settings:write",
    params: byId,
    body: z.object({
      name: name.optional(),
      description: description.optional(),
      isPublic: z.boolean().optional(),
      position: z.number().int().min(0).max(100_000).optional(),
    }),
    response: Topic,
    errors: ["consent.topic-not-found", "consent.topic-name-taken"],
  }),
  archive: defineRoute({
    id: "topics.archive",
    method: "POST",
    path: "/api/topics/:id/archive",
    summary: "Takes a topic out of use. What was agreed to stays on record.",
    access: "settings:write",
    params: byId,
    response: Topic,
    errors: ["consent.topic-not-found"],
  }),
  restore: defineRoute({
    id: "topics.restore",
    method: "POST",
    path: "/api/topics/:id/restore",
    summary: "Takes an archived topic back into use.",
    access: "settings:write",
    params: byId,
    response: Topic,
    errors: ["consent.topic-not-found", "consent.topic-name-taken"],
  }),
} as const;
