import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import { type Platform, sql } from "../platform/index.ts";
import type { MessageNeeds } from "./needs.ts";
import { getMessage } from "./save-message.ts";
import { findMessage, type MessageRow } from "./store.ts";

/** Refuses while a journey that is live or paused still calls the message. */
async function refuseInUse(needs: MessageNeeds, id: string): Promise<void> {
  const usedBy = (await needs.whereUsed(id)).filter(({ state }) => state === "live" || state === "paused");
  if (usedBy.length > 0) refuse("message.in-use", { usedBy });
}

/** Takes a live message out of use. What was sent stays as it is; journeys can no longer choose it. */
export async function stopMessage(
  platform: Platform,
  needs: MessageNeeds,
  actor: Actor,
  id: string,
): Promise<MessageRow> {
  await refuseInUse(needs, id);
  await platform.db.transaction(async (tx) => {
    const row = (await findMessage(tx, id, true)) ?? refuse("message.not-found");
    if (!row.liveVersionId) refuse("message.not-live");
    await tx.run(
      sql`update messages set live_version_id = null, stopped_at = now(), updated_at = now() where id = ${id}`,
    );
    await audit(tx, actor, {
      action: "message.stopped",
      subjectKind: "message",
      subjectId: toId("message", id),
      details: {},
    });
  });
  return getMessage(platform, id);
}

/** Puts a message away, stopping it first. */
export async function archiveMessage(
  platform: Platform,
  needs: MessageNeeds,
  actor: Actor,
  id: string,
): Promise<MessageRow> {
  await refuseInUse(needs, id);
  await platform.db.transaction(async (tx) => {
    if (!(await findMessage(tx, id, true))) refuse("message.not-found");
    await tx.run(sql`
      update messages set archived_at = now(), stopped_at = case when live_version_id is null then stopped_at else now() end,
        live_version_id = null, updated_at = now() where id = ${id} and archived_at is null`);
    await audit(tx, actor, {
      action: "message.archived",
      subjectKind: "message",
      subjectId: toId("message", id),
      details: {},
    });
  });
  return getMessage(platform, id);
}

/** Brings an archived message back, as a draft or stopped message. */
export async function restoreMessage(platform: Platform, actor: Actor, id: string): Promise<MessageRow> {
  await platform.db.transaction(async (tx) => {
    if (!(await findMessage(tx, id, true))) refuse("message.not-found");
    await tx.run(sql`update messages set archived_at = null, updated_at = now() where id = ${id}`);
    await audit(tx, actor, {
      action: "message.restored",
      subjectKind: "message",
      subjectId: toId("message", id),
      details: {},
    });
  });
  return getMessage(platform, id);
}
