import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { type Finding, passes } from "#core/kernel/finding.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import { type Checked, checkDraft } from "./check-draft.ts";
import type { MessageNeeds } from "./needs.ts";
import { getMessage, hashOf } from "./save-message.ts";
import {
  findMessage,
  findVersionByHash,
  insertVersion,
  type MessageRow,
  setLiveVersion,
  sourceOf,
} from "./store.ts";

/**
 * Takes the draft live: checks it, compiles it, and freezes both as the next version. Journeys that run keep the
 * version they went live with. Refuses with the findings if the check does not pass.
 */
export async function publishMessage(
  platform: Platform,
  needs: MessageNeeds,
  actor: Actor,
  wanted: { readonly id: string; readonly revision: number },
): Promise<{ row: MessageRow; findings: readonly Finding[] }> {
  const row = await getMessage(platform, wanted.id);
  if (row.archivedAt) refuse("message.archived");
  const checked = await checkDraft(platform, needs, row);
  if (!checked.compiled || !passes(checked.findings))
    refuse("message.check-failed", { findings: checked.findings });
  const live = { ...checked, compiled: { ...checked.compiled, hiddenLink: await needs.carriesHiddenLink() } };
  await platform.db.transaction(async (tx) => {
    const locked = (await findMessage(tx, wanted.id, true)) ?? refuse("message.not-found");
    if (locked.revision !== wanted.revision || locked.revision !== row.revision)
      refuse("message.edited-elsewhere", { revision: locked.revision });
    const versionId = await freeze(tx, row, live, "live", actor);
    await setLiveVersion(tx, row.id, versionId);
    await audit(tx, actor, {
      action: "message.published",
      subjectKind: "message",
      subjectId: toId("message", row.id),
      details: { versionId: toId("messageVersion", versionId) },
    });
  });
  return { row: await getMessage(platform, wanted.id), findings: checked.findings };
}

/**
 * Freezes the draft for a test send, without making it live; the same content is frozen once. Refused only by what
 * keeps it from being rendered at all.
 */
export async function freezeForTest(
  platform: Platform,
  needs: MessageNeeds,
  actor: Actor,
  id: string,
): Promise<{ row: MessageRow; versionId: string; findings: readonly Finding[] }> {
  const row = await getMessage(platform, id);
  const checked = await checkDraft(platform, needs, row);
  if (!checked.compiled) refuse("message.check-failed", { findings: checked.findings });
  const versionId = await platform.db.transaction(async (tx) => {
    await findMessage(tx, id, true);
    const known = await findVersionByHash(tx, id, hashOf(sourceOf(row), row.topicId));
    return known ?? (await freeze(tx, row, checked, "test", actor));
  });
  return { row, versionId, findings: checked.findings };
}

async function freeze(
  tx: Transaction,
  row: MessageRow,
  { compiled, findings }: Checked,
  purpose: "live" | "test",
  actor: Actor,
): Promise<string> {
  return insertVersion(tx, {
    messageId: row.id,
    purpose,
    revision: row.revision,
    source: sourceOf(row),
    compiled,
    links: compiled?.links ?? [],
    topicId: row.topicId,
    contentHash: hashOf(sourceOf(row), row.topicId),
    findings,
    createdBy: actor.kind === "user" ? actor.id : null,
  });
}
