import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { mayChangeUser, type UserChange } from "#core/access/may-change-user.ts";
import { toId } from "#core/kernel/ids.ts";
import { type Platform, sql } from "../platform/index.ts";
import { audit } from "./audit.ts";
import { endSessions } from "./sessions.ts";
import { lockUser, type User } from "./store.ts";

/** Changes a role or disables an account, and ends its sessions, since they stand for what the person was. */
export async function changeUser(
  { db, clock }: Pick<Platform, "db" | "clock">,
  actor: Actor,
  id: string,
  change: UserChange,
): Promise<User> {
  return db.transaction(async (tx) => {
    const locked = await lockUser(tx, id);
    if (!locked) return refuse("access.not-found");
    const { user: before, otherActiveOwners } = locked;
    const target = { id, role: before.role, isDisabled: before.disabledAt !== null };
    const actorId = actor.kind === "user" ? actor.id : null;
    const may = mayChangeUser({
      actor: { id: actorId, role: actor.role },
      target,
      otherActiveOwners,
      change,
    });
    if (!may.ok) return refuse(may.error);
    const role = change.role ?? before.role;
    const stays = change.disabled === undefined || change.disabled === target.isDisabled;
    const disabledAt = stays ? before.disabledAt : change.disabled ? clock.now() : null;
    if (role === before.role && stays) return before;
    await tx.run(sql`update users set role = ${role}, disabled_at = ${disabledAt} where id = ${id}`);
    await endSessions(tx, id);
    await audit(tx, actor, {
      action: "user.changed",
      subjectKind: "user",
      subjectId: toId("user", id),
      details: {
        from: { role: before.role, disabled: target.isDisabled },
        to: { role, disabled: disabledAt !== null },
      },
    });
    return { ...before, role, disabledAt };
  });
}
