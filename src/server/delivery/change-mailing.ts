import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import { type Database, sql } from "../platform/index.ts";
import { tellOfHalt } from "./halts.ts";
import { findMailing, type MailingRow } from "./store.ts";
import { armBreakers } from "./trip-breakers.ts";

type Change =
  | { readonly to: "paused"; readonly reason: string }
  | { readonly to: "running" }
  | { readonly to: "cancelled" };

const actions = {
  paused: "mailing.paused",
  running: "mailing.resumed",
  cancelled: "mailing.cancelled",
} as const;

/** [D4] Pauses, resumes or cancels a mailing, effective at the next batch. What is cancelled stays cancelled [D17]. */
export async function changeMailing(
  db: Database,
  actor: Actor,
  id: string,
  change: Change,
): Promise<MailingRow> {
  return db.transaction(async (tx) => {
    const mailing = (await findMailing(tx, id)) ?? refuse("delivery.mailing-not-found");
    if (mailing.state === "cancelled" && change.to !== "cancelled") refuse("delivery.mailing-cancelled");
    const reason = change.to === "paused" ? change.reason || `Paused by ${actor.label}.` : null;
    await tx.run(sql`
      update mailings set state = ${change.to}, pause_reason = ${reason}, is_tripped = false where id = ${id} and state <> 'cancelled'`);
    // [D30] What somebody looked at does not stop it once more.
    if (change.to === "running") await armBreakers(tx, id);
    await audit(tx, actor, {
      action: actions[change.to],
      subjectKind: "mailing",
      subjectId: toId("mailing", id),
      ...(reason === null ? {} : { details: { reason } }),
    });
    await tellOfHalt(tx);
    return (await findMailing(tx, id)) ?? refuse("delivery.mailing-not-found");
  });
}
