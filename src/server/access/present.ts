import type { z } from "zod";
import type { accessRoutes } from "#contract/access.ts";
import { can, permissions, type Role } from "#core/access/permissions.ts";
import { toId } from "#core/kernel/ids.ts";
import type { Invitation } from "./one-time-links.ts";
import type { ApiKey, User } from "./store.ts";

type Shown<Route extends keyof typeof accessRoutes> = z.input<(typeof accessRoutes)[Route]["response"]>;

/** What a person may do, spelled out, so that the app need not know the matrix. */
export function permissionsOf(role: Role) {
  return permissions.filter((permission) => can(role, permission));
}

export function presentSession(user: User, csrfToken: string): Shown<"session"> {
  return {
    actor: { kind: "user", id: toId("user", user.id), name: user.name, email: user.email, role: user.role },
    permissions: permissionsOf(user.role),
    csrfToken,
  };
}

export function presentUser(user: User & { lastSeenAt?: Date | null }): Shown<"changeUser"> {
  return {
    id: toId("user", user.id),
    email: user.email,
    name: user.name,
    role: user.role,
    createdAt: user.createdAt.toISOString(),
    disabledAt: user.disabledAt?.toISOString() ?? null,
    lastSeenAt: user.lastSeenAt?.toISOString() ?? null,
  };
}

export function presentInvitation(invitation: Invitation): Shown<"invitations">["items"][number] {
  return {
    ...invitation,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
  };
}

export function presentApiKey(key: ApiKey): Shown<"apiKeys">["items"][number] {
  return {
    id: toId("apiKey", key.id),
    name: key.name,
    prefix: key.prefix,
    role: key.role,
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  };
}
