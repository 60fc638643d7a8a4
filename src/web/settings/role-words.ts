import type { Role } from "#core/access/permissions.ts";

export type GrantableRole = Exclude<Role, "owner">;

/** The roles as people understand them. */
export const roleWords: Readonly<Record<Role, { readonly name: string; readonly words: string }>> = {
  owner: { name: "Owner", words: "May do everything, and change other owners." },
  admin: { name: "Admin", words: "May do everything except change owners." },
  marketer: { name: "Marketer", words: "Works with contacts, messages and journeys, and publishes them." },
  analyst: { name: "Analyst", words: "Sees everything and changes nothing." },
};

const grantable = ["admin", "marketer", "analyst"] as const;

/** Reads a chosen role that can be given away; undefined for anything else. */
export function grantableRole(text: string | null): GrantableRole | undefined {
  return grantable.find((role) => role === text);
}

/** Roles for a select. */
export function roleChoices(among: readonly Role[]) {
  return among.map((role) => ({ value: role, label: roleWords[role].name }));
}
