import { fail, ok, type Result } from "../kernel/result.ts";
import type { Role } from "./permissions.ts";

/** What is to happen to a person's account. */
export type UserChange = { readonly role?: Role | undefined; readonly disabled?: boolean | undefined };

export type UserChangeRefusal = "access.last-owner" | "access.owner-only" | "access.own-account";

/**
 * Decides whether somebody may change an account: only owners touch owners or make them, nobody locks themselves out,
 * and one owner who can sign in always remains.
 */
export function mayChangeUser(facts: {
  readonly actor: { readonly id: string | null; readonly role: Role };
  readonly target: { readonly id: string; readonly role: Role; readonly isDisabled: boolean };
  readonly otherActiveOwners: number;
  readonly change: UserChange;
}): Result<true, UserChangeRefusal> {
  const { actor, target, otherActiveOwners, change } = facts;
  const isOwnerAfter = (change.role ?? target.role) === "owner" && !(change.disabled ?? target.isDisabled);
  const touchesOwner = target.role === "owner" || change.role === "owner";
  if (touchesOwner && actor.role !== "owner") return fail("access.owner-only");
  const isOwnerBefore = target.role === "owner" && !target.isDisabled;
  if (isOwnerBefore && !isOwnerAfter && otherActiveOwners === 0) return fail("access.last-owner");
  if (actor.id === target.id && change.disabled === true) return fail("access.own-account");
  return ok(true);
}
