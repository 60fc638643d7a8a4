/** What a person or key may do. The matrix is data, so that the test of every route against every role can read it. */
export const roles = ["owner", "admin", "marketer", "analyst"] as const;
export type Role = (typeof roles)[number];

const read = [
  "contacts:read",
  "segments:read",
  "messages:read",
  "journeys:read",
  "events:read",
  "insights:read",
  "settings:read",
] as const;
const write = [
  "contacts:write",
  "contacts:import",
  "segments:write",
  "messages:write",
  "messages:publish",
  "journeys:write",
  "journeys:publish",
  "events:write",
  "sending:stop",
] as const;
const administer = [
  "settings:write",
  "senders:write",
  "users:write",
  "keys:write",
  "audit:read",
  "contacts:erase",
] as const;

export const permissions = [...read, ...write, ...administer] as const;
export type Permission = (typeof permissions)[number];

const granted: Record<Role, ReadonlySet<Permission>> = {
  owner: new Set(permissions),
  admin: new Set(permissions),
  marketer: new Set([...read, ...write]),
  analyst: new Set(read),
};

/** Says whether a role includes a permission. */
export function can(role: Role, permission: Permission): boolean {
  return granted[role].has(permission);
}
