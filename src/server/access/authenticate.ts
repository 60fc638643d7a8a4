import type { FastifyRequest } from "fastify";
import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import type { Authenticate } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { findSession, sessionCookie } from "./sessions.ts";
import { findApiKey, touchApiKey } from "./store.ts";
import { hashToken } from "./token.ts";

export const apiKeyMark = "prk_";

/** The token of the session cookie, if the request has one. */
export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[sessionCookie];
}

/**
 * Finds who is asking. A request with an Authorization header is judged by that alone: a wrong key is nobody, whatever
 * cookie came along. Keys are never taken from the query, where they would end in logs.
 */
export function createAuthenticate({ db, clock }: Pick<Platform, "db" | "clock">): Authenticate {
  return async (request) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const secret = /^Bearer (prk_[A-Za-z0-9_-]{43})$/i.exec(authorization)?.[1];
      const key = secret === undefined ? undefined : await findApiKey(db, hashToken(secret));
      if (!key) return undefined;
      await touchApiKey(db, key.id, clock.now());
      const actor = { kind: "api-key", id: key.id, label: key.name, role: key.role, ip: request.ip } as const;
      return { actor, csrf: null };
    }
    const token = sessionTokenOf(request);
    const session = token === undefined ? undefined : await findSession(db, token, clock.now());
    if (!session) return undefined;
    const { user, csrfToken } = session;
    const actor = { kind: "user", id: user.id, label: user.email, role: user.role, ip: request.ip } as const;
    return { actor, csrf: csrfToken };
  };
}

/** Some things only a signed-in person may do: a key must not make keys or touch sessions (Ghost CVE-2026-22595). */
export function personOf(actor: Actor): { readonly id: string } {
  return actor.kind === "user" ? actor : refuse("access.session-only");
}
