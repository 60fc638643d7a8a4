import { z } from "zod";
import { permissions, roles } from "#core/access/permissions.ts";
import { idSchema } from "#core/kernel/ids.ts";
import { defineRoute, done, pageOf, pageQuery } from "./route.ts";

const time = z.iso.datetime();
const email = z.string().trim().max(254).pipe(z.email());
const name = z.string().trim().min(1).max(200);
const secret = z.string().min(1).max(4000);
const token = z.string().min(1).max(200);
const role = z.enum(roles);
const grantableRole = z.enum(["admin", "marketer", "analyst"]);
/** Sessions and invitations are named by a piece of their token's hash: useless for anything but naming. */
const handle = z.string().regex(/^[0-9a-f]{32}$/);

const session = z.object({
  actor: z.object({
    kind: z.enum(["user", "api-key"]),
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role,
  }),
  permissions: z.array(z.enum(permissions)),
  /** To be sent as x-csrf-token with everything but GET. Null for API keys, which need none. */
  csrfToken: z.string().nullable(),
});

const user = z.object({
  id: idSchema("user"),
  email: z.string(),
  name: z.string(),
  role,
  createdAt: time,
  disabledAt: time.nullable(),
  lastSeenAt: time.nullable(),
});

const invitation = z.object({
  id: handle,
  email: z.string(),
  role: grantableRole,
  createdAt: time,
  expiresAt: time,
});

const apiKey = z.object({
  id: idSchema("apiKey"),
  name: z.string(),
  prefix: z.string(),
  role: grantableRole,
  createdAt: time,
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});

const auditEntry = z.object({
  id: z.string(),
  at: time,
  actor: z.object({
    kind: z.enum(["user", "api-key", "contact", "system"]),
    id: z.string().nullable(),
    label: z.string(),
  }),
  action: z.string(),
  subjectKind: z.string().nullable(),
  subjectId: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  ip: z.string().nullable(),
});

/** Accounts, sessions, API keys and the audit log. */
export const accessRoutes = {
  setupState: defineRoute({
    id: "access.setupState",
    method: "GET",
    path: "/api/setup/state",
    summary: "Says whether this installation still needs its owner.",
    access: "public",
    response: z.object({ needsOwner: z.boolean() }),
  }),
  setUpOwner: defineRoute({
    id: "access.setUpOwner",
    method: "POST",
    path: "/api/setup",
    summary: "Creates the owner by the one-time link that was printed on the console, and signs in.",
    access: "public",
    body: z.object({ token, email, name, password: secret }),
    response: session,
    errors: ["access.link-used", "access.password-weak", "access.csrf"],
  }),
  session: defineRoute({
    id: "access.session",
    method: "GET",
    path: "/api/session",
    summary: "Says who is signed in, what they may do, and the CSRF token of the session.",
    access: "signed-in",
    response: session,
  }),
  signIn: defineRoute({
    id: "access.signIn",
    method: "POST",
    path: "/api/session",
    summary: "Signs in with email and password; the session is kept in a cookie.",
    access: "public",
    body: z.object({ email: z.string().trim().min(1).max(254), password: secret }),
    response: session,
    errors: ["access.sign-in-failed", "request.too-many", "access.csrf"],
  }),
  signOut: defineRoute({
    id: "access.signOut",
    method: "DELETE",
    path: "/api/session",
    summary: "Ends the session.",
    access: "signed-in",
    response: done,
    errors: ["access.session-only"],
  }),
  sessions: defineRoute({
    id: "access.sessions",
    method: "GET",
    path: "/api/sessions",
    summary: "Lists where you are signed in.",
    access: "signed-in",
    response: z.object({
      items: z.array(
        z.object({
          id: handle,
          isCurrent: z.boolean(),
          createdAt: time,
          lastSeenAt: time,
          ip: z.string().nullable(),
          userAgent: z.string().nullable(),
        }),
      ),
    }),
    errors: ["access.session-only"],
  }),
  endSession: defineRoute({
    id: "access.endSession",
    method: "DELETE",
    path: "/api/sessions/:id",
    summary: "Signs out one of your sessions.",
    access: "signed-in",
    params: z.object({ id: handle }),
    response: done,
    errors: ["access.session-only", "access.not-found"],
  }),
  changePassword: defineRoute({
    id: "access.changePassword",
    method: "POST",
    path: "/api/password",
    summary: "Changes your password and ends all your other sessions.",
    access: "signed-in",
    body: z.object({ currentPassword: secret, newPassword: secret }),
    response: done,
    errors: ["access.session-only", "access.sign-in-failed", "access.password-weak", "request.too-many"],
  }),
  users: defineRoute({
    id: "access.users",
    method: "GET",
    path: "/api/users",
    summary: "Lists the people of this workspace.",
    access: "users:write",
    query: pageQuery,
    response: pageOf(user),
  }),
  changeUser: defineRoute({
    id: "access.changeUser",
    method: "PATCH",
    path: "/api/users/:id",
    summary: "Changes somebody's role, or disables or enables the account. Either ends their sessions.",
    access: "users:write",
    params: z.object({ id: idSchema("user") }),
    body: z.object({ role: role.optional(), disabled: z.boolean().optional() }),
    response: user,
    errors: ["access.not-found", "access.last-owner", "access.owner-only", "access.own-account"],
  }),
  invitations: defineRoute({
    id: "access.invitations",
    method: "GET",
    path: "/api/users/invitations",
    summary: "Lists invitations that can still be accepted.",
    access: "users:write",
    response: z.object({ items: z.array(invitation) }),
  }),
  invite: defineRoute({
    id: "access.invite",
    method: "POST",
    path: "/api/users/invitations",
    summary: "Makes a one-time link by which somebody joins. The link is shown only now.",
    access: "users:write",
    body: z.object({ email, role: grantableRole }),
    response: invitation.extend({ link: z.string() }),
    errors: ["access.email-taken"],
  }),
  withdrawInvitation: defineRoute({
    id: "access.withdrawInvitation",
    method: "DELETE",
    path: "/api/users/invitations/:id",
    summary: "Makes an invitation unusable.",
    access: "users:write",
    params: z.object({ id: handle }),
    response: done,
    errors: ["access.not-found"],
  }),
  lookAtInvitation: defineRoute({
    id: "access.lookAtInvitation",
    method: "POST",
    path: "/api/invitations/look",
    summary: "Says whom an invitation link is for. Uses nothing up.",
    access: "public",
    body: z.object({ token }),
    response: z.object({ email: z.string(), role: grantableRole }),
    errors: ["access.link-used"],
  }),
  acceptInvitation: defineRoute({
    id: "access.acceptInvitation",
    method: "POST",
    path: "/api/invitations/accept",
    summary: "Joins by an invitation link, and signs in.",
    access: "public",
    body: z.object({ token, name, password: secret }),
    response: session,
    errors: ["access.link-used", "access.password-weak", "access.email-taken", "access.csrf"],
  }),
  apiKeys: defineRoute({
    id: "access.apiKeys",
    method: "GET",
    path: "/api/keys",
    summary: "Lists API keys, revoked ones included. The secrets are not kept.",
    access: "keys:write",
    query: pageQuery,
    response: pageOf(apiKey),
    errors: ["access.session-only"],
  }),
  createApiKey: defineRoute({
    id: "access.createApiKey",
    method: "POST",
    path: "/api/keys",
    summary: "Makes an API key. Its secret is shown only now.",
    access: "keys:write",
    body: z.object({ name, role: grantableRole }),
    response: apiKey.extend({ secret: z.string() }),
    errors: ["access.session-only"],
  }),
  revokeApiKey: defineRoute({
    id: "access.revokeApiKey",
    method: "DELETE",
    path: "/api/keys/:id",
    summary: "Makes an API key unusable from now on.",
    access: "keys:write",
    params: z.object({ id: idSchema("apiKey") }),
    response: done,
    errors: ["access.session-only", "access.not-found"],
  }),
  auditLog: defineRoute({
    id: "access.auditLog",
    method: "GET",
    path: "/api/audit",
    summary: "Lists what anyone did, newest first.",
    access: "audit:read",
    query: pageQuery.extend({
      action: z.string().max(100).optional(),
      actorKind: z.enum(["user", "api-key", "contact", "system"]).optional(),
      actorId: z.string().max(50).optional(),
      subjectKind: z.string().max(50).optional(),
      subjectId: z.string().max(100).optional(),
      from: time.optional(),
      to: time.optional(),
    }),
    response: pageOf(auditEntry),
  }),
} as const;
