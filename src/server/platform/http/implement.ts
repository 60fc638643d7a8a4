import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { refuse } from "#contract/errors.ts";
import type { BodyOf, ParamsOf, QueryOf, ResponseOf, RouteDefinition } from "#contract/route.ts";
import type { Actor } from "#core/access/actor.ts";
import { can } from "#core/access/permissions.ts";

/** Who is asking, found from a session cookie or an API key. `csrf` is the token a cookie session must echo. */
export type Caller = { readonly actor: Actor; readonly csrf: string | null };

/** Finds the caller of a request; undefined for nobody. */
export type Authenticate = (request: FastifyRequest) => Promise<Caller | undefined>;

/** What a handler is given: parsed once, then trusted. Public routes get the caller too, if there is one. */
export type Call<Route extends RouteDefinition> = {
  readonly params: ParamsOf<Route>;
  readonly query: QueryOf<Route>;
  readonly body: BodyOf<Route>;
  readonly actor: Route["access"] extends "public" ? Actor | undefined : Actor;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

export type Handler<Route extends RouteDefinition> = (call: Call<Route>) => Promise<ResponseOf<Route>>;

/** Binds handlers to contract routes; remembers which, so that a test can compare with the route table. */
export type Http = {
  readonly app: FastifyInstance;
  readonly implement: <Route extends RouteDefinition>(route: Route, handler: Handler<Route>) => void;
  readonly implemented: ReadonlySet<string>;
};

const csrfHeader = "x-csrf-token";

/** Creates the binder. Order for each request: authenticate, CSRF, authorise, parse, handle, present. */
export function createHttp(app: FastifyInstance, authenticate: Authenticate): Http {
  const implemented = new Set<string>();

  async function admit(route: RouteDefinition, request: FastifyRequest): Promise<Actor | undefined> {
    const caller = await authenticate(request);
    if (route.access === "public") return caller?.actor;
    if (!caller) return refuse("access.not-signed-in");
    if (caller.csrf !== null && route.method !== "GET" && request.headers[csrfHeader] !== caller.csrf)
      refuse("access.csrf");
    if (route.access !== "signed-in" && !can(caller.actor.role, route.access))
      refuse("access.forbidden", { permission: route.access });
    return caller.actor;
  }

  return {
    app,
    implemented,
    implement(route, handler) {
      if (implemented.has(route.id)) throw new Error(`${route.id} is implemented twice`);
      implemented.add(route.id);
      app.route({
        method: route.method,
        url: route.path,
        handler: async (request, reply) => {
          const actor = await admit(route, request);
          const call = {
            params: route.params?.parse(request.params),
            query: route.query?.parse(request.query),
            body: route.body instanceof z.ZodType ? route.body.parse(request.body ?? {}) : undefined,
            actor,
            request,
            reply,
          } as Parameters<typeof handler>[0];
          const answer = await handler(call);
          if (reply.sent) return reply;
          if (route.response instanceof z.ZodType) return reply.send(route.response.parse(answer));
          if (route.contentType) reply.type(route.contentType);
          return reply.send(answer);
        },
      });
    },
  };
}
