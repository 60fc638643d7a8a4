import { z } from "zod";
import type { Permission } from "#core/access/permissions.ts";
import type { ErrorCode } from "./errors.ts";

/**
 * A route as data: the server binds it, OpenAPI and the SDK are generated from it.
 *
 * `access` is a permission, or "public" (no session; tokens or nothing), or "signed-in" (any role).
 * `body: "stream"` hands the raw request to the handler (uploads). `response: "stream"` lets the handler
 * answer with a stream or server-sent events of the stated content type.
 */
export type RouteDefinition = {
  readonly id: `${string}.${string}`;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly access: Permission | "public" | "signed-in";
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType | "stream";
  readonly response: z.ZodType | "stream";
  readonly contentType?: string;
  readonly errors?: readonly ErrorCode[];
};

/** Declares a route; the identity function that keeps its exact type. */
export function defineRoute<const Route extends RouteDefinition>(route: Route): Route {
  return route;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

export type ParamsOf<Route extends RouteDefinition> = Parsed<Route["params"]>;
export type QueryOf<Route extends RouteDefinition> = Parsed<Route["query"]>;
export type BodyOf<Route extends RouteDefinition> = Parsed<Route["body"]>;
export type ResponseOf<Route extends RouteDefinition> = Route["response"] extends z.ZodType
  ? z.input<Route["response"]>
  : unknown;

/** The query of every list: at most 200 items a page, and an opaque cursor from the page before. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

/** One page of a list. `nextCursor` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** The answer of a route that has nothing to say. */
export const done = z.object({ done: z.literal(true) });
