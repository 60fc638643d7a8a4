import type { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";
import type { Hit } from "#core/tracking/hit.ts";

export type Visitor = Pick<Hit, "method" | "ip" | "userAgent" | "prefetch">;

/** What a request says about who makes it, cut to sane lengths and free of what PostgreSQL cannot hold. [T7] */
export function visitorOf(request: FastifyRequest): Visitor {
  return visitorFrom(request.raw, request.ip);
}

/** The same of a request that did not go through the router. */
export function visitorFrom({ method = "GET", headers }: IncomingMessage, ip: string): Visitor {
  const prefetch = headers["sec-purpose"] ?? headers.purpose ?? headers["x-purpose"] ?? headers["x-moz"];
  const userAgent = clean(headers["user-agent"] ?? "");
  return prefetch === undefined
    ? { method, ip, userAgent }
    : { method, ip, userAgent, prefetch: clean(String(prefetch)) };
}

function clean(text: string): string {
  return text.replaceAll("\0", "").toWellFormed().slice(0, 400);
}
