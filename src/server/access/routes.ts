import type { FastifyReply, FastifyRequest } from "fastify";
import { accessRoutes } from "#contract/access.ts";
import { refuse } from "#contract/errors.ts";
import { toId } from "#core/kernel/ids.ts";
import type { Http } from "../platform/http/implement.ts";
import { type Platform, sql } from "../platform/index.ts";
import { audit } from "./audit.ts";
import { personOf, sessionTokenOf } from "./authenticate.ts";
import { joinByInvitation } from "./join-by-invitation.ts";
import { createAttemptLimit } from "./limit-attempts.ts";
import { findInvitation } from "./one-time-links.ts";
import { hashPassword, isPassword } from "./password.ts";
import { permissionsOf, presentSession } from "./present.ts";
import { bindKeyAndAuditRoutes, bindUserRoutes } from "./routes-for-admins.ts";
import {
  beginSession,
  endSessionByHandle,
  endSessionByToken,
  endSessions,
  listSessions,
  sessionAbsoluteMilliseconds,
  sessionCookie,
} from "./sessions.ts";
import { setUpOwner } from "./set-up-owner.ts";
import { findPasswordHash, findUserToSignIn, hasOwner, type User } from "./store.ts";
import { handleOf, hashToken } from "./token.ts";

type Deps = Pick<Platform, "db" | "clock" | "config">;

/**
 * Refuses when a browser says that the request comes from another site. Signing in has no session yet that a CSRF token
 * could belong to; without this a foreign page could sign its visitor in as somebody else.
 */
function refuseForeignSite(request: FastifyRequest): void {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") refuse("access.csrf");
  const { origin } = request.headers;
  if (origin === undefined) return;
  const host = URL.canParse(origin) ? new URL(origin).host : "";
  if (host !== request.headers.host) refuse("access.csrf");
}

/** Binds everything about accounts. */
export function bindAccessRoutes(http: Http, deps: Deps): void {
  bindDoors(http, deps);
  bindOwnAccount(http, deps);
  bindUserRoutes(http, deps);
  bindKeyAndAuditRoutes(http, deps);
}

function createGreeter({ db, clock, config }: Deps) {
  const cookieOptions = {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: config.secureCookies,
    maxAge: sessionAbsoluteMilliseconds / 1000,
  } as const;
  return async (user: User, request: FastifyRequest, reply: FastifyReply) => {
    const now = clock.now();
    const { token, csrfToken } = await db.transaction(async (tx) => {
      const before = sessionTokenOf(request);
      if (before !== undefined) await endSessionByToken(tx, before);
      return beginSession(tx, user, { now, ip: request.ip, userAgent: request.headers["user-agent"] });
    });
    reply.setCookie(sessionCookie, token, cookieOptions);
    return presentSession(user, csrfToken);
  };
}

function bindDoors(http: Http, deps: Deps): void {
  const { db, clock } = deps;
  const greet = createGreeter(deps);
  const limit = createAttemptLimit(clock);

  http.implement(accessRoutes.setupState, async () => ({ needsOwner: !(await hasOwner(db)) }));

  http.implement(accessRoutes.setUpOwner, async ({ body, request, reply }) => {
    refuseForeignSite(request);
    return greet(await setUpOwner(deps, { ...body, ip: request.ip }), request, reply);
  });

  http.implement(accessRoutes.signIn, async ({ body, request, reply }) => {
    refuseForeignSite(request);
    const account = body.email.toLowerCase();
    limit.attempt(account, request.ip);
    const user = await findUserToSignIn(db, body.email);
    const isRight = await isPassword(body.password, user?.passwordHash);
    if (!user || !isRight || user.disabledAt !== null) {
      const label = user?.email ?? "unknown account";
      await audit(
        db,
        { kind: "user", id: user?.id ?? null, label, ip: request.ip },
        { action: "sign-in.failed" },
      );
      return refuse("access.sign-in-failed");
    }
    limit.succeeded(account, request.ip);
    await audit(
      db,
      { kind: "user", id: user.id, label: user.email, ip: request.ip },
      { action: "sign-in.succeeded" },
    );
    return greet(user, request, reply);
  });

  http.implement(accessRoutes.lookAtInvitation, async ({ body }) => {
    const invitation = await findInvitation(db, body.token, clock.now());
    return invitation ? { email: invitation.email, role: invitation.role } : refuse("access.link-used");
  });

  http.implement(accessRoutes.acceptInvitation, async ({ body, request, reply }) => {
    refuseForeignSite(request);
    return greet(await joinByInvitation(deps, { ...body, ip: request.ip }), request, reply);
  });
}

function bindOwnAccount(http: Http, { db, clock }: Deps): void {
  const limit = createAttemptLimit(clock);

  http.implement(accessRoutes.session, async ({ actor, request }) => {
    if (actor.kind !== "user")
      return {
        actor: {
          kind: "api-key" as const,
          id: actor.id === null ? "" : toId("apiKey", actor.id),
          name: actor.label,
          email: null,
          role: actor.role,
        },
        permissions: permissionsOf(actor.role),
        csrfToken: null,
      };
    const token = sessionTokenOf(request);
    const found = await db.first<User & { csrfToken: string }>(sql`
      select users.id, email, name, role, users.created_at as "createdAt", disabled_at as "disabledAt", csrf_token as "csrfToken"
      from sessions join users on users.id = user_id where token_hash = ${hashToken(token ?? "")}`);
    return found ? presentSession(found, found.csrfToken) : refuse("access.not-signed-in");
  });

  http.implement(accessRoutes.signOut, async ({ actor, request, reply }) => {
    personOf(actor);
    await endSessionByToken(db, sessionTokenOf(request) ?? "");
    reply.clearCookie(sessionCookie, { path: "/" });
    return { done: true as const };
  });

  http.implement(accessRoutes.sessions, async ({ actor, request }) => {
    const current = handleOf(hashToken(sessionTokenOf(request) ?? ""));
    const items = await listSessions(db, personOf(actor).id, clock.now());
    return {
      items: items.map((each) => ({
        ...each,
        isCurrent: each.id === current,
        createdAt: each.createdAt.toISOString(),
        lastSeenAt: each.lastSeenAt.toISOString(),
      })),
    };
  });

  http.implement(accessRoutes.endSession, async ({ actor, params }) => {
    const person = personOf(actor);
    await db.transaction(async (tx) => {
      if (!(await endSessionByHandle(tx, person.id, params.id))) refuse("access.not-found");
      await audit(tx, actor, { action: "session.ended" });
    });
    return { done: true as const };
  });

  http.implement(accessRoutes.changePassword, async ({ actor, body, request }) => {
    const person = personOf(actor);
    limit.attempt(person.id, request.ip);
    if (!(await isPassword(body.currentPassword, await findPasswordHash(db, person.id))))
      refuse("access.sign-in-failed");
    const passwordHash = await hashPassword(body.newPassword, actor.label);
    limit.succeeded(person.id, request.ip);
    await db.transaction(async (tx) => {
      await tx.run(sql`update users set password_hash = ${passwordHash} where id = ${person.id}`);
      await endSessions(tx, person.id, sessionTokenOf(request));
      await audit(tx, actor, { action: "password.changed" });
    });
    return { done: true as const };
  });
}
