import { createHash } from "node:crypto";
import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { toId } from "#core/kernel/ids.ts";
import type { MessageSource } from "#core/messages/message-source.ts";
import { audit } from "../access/index.ts";
import type { Platform } from "../platform/index.ts";
import {
  findMessage,
  insertMessage,
  type MessageRow,
  type NewMessage,
  sourceOf,
  updateDraft,
} from "./store.ts";

/** Gets a message or refuses. */
export async function getMessage(platform: Pick<Platform, "db">, id: string): Promise<MessageRow> {
  return (await findMessage(platform.db, id)) ?? refuse("message.not-found");
}

/** Adds a draft. */
export async function createMessage(
  platform: Platform,
  actor: Actor,
  message: NewMessage,
): Promise<MessageRow> {
  const id = await platform.db.transaction(async (tx) => {
    const made = await insertMessage(tx, message);
    await audit(tx, actor, {
      action: "message.created",
      subjectKind: "message",
      subjectId: toId("message", made),
      details: { name: message.name },
    });
    return made;
  });
  return getMessage(platform, id);
}

export type DraftSave = {
  readonly id: string;
  readonly revision: number;
  readonly source: MessageSource;
  readonly topicId: string | null;
};

/**
 * Saves the draft if nobody else did meanwhile. Saving what is already there changes nothing, so that autosave
 * does not make a live message look edited.
 */
export async function saveMessage(platform: Platform, actor: Actor, save: DraftSave): Promise<MessageRow> {
  await platform.db.transaction(async (tx) => {
    const row = (await findMessage(tx, save.id, true)) ?? refuse("message.not-found");
    if (row.archivedAt) refuse("message.archived");
    if (row.revision !== save.revision) refuse("message.edited-elsewhere", { revision: row.revision });
    if (row.wasLive && row.designation !== save.source.designation) refuse("message.designation-locked");
    if (hashOf(sourceOf(row), row.topicId) === hashOf(save.source, save.topicId)) return;
    await updateDraft(tx, save.id, save.source, save.topicId);
    await audit(tx, actor, {
      action: "message.saved",
      subjectKind: "message",
      subjectId: toId("message", save.id),
      details: { revision: row.revision + 1 },
    });
  });
  return getMessage(platform, save.id);
}

/** Makes a new draft with the content of another message. */
export async function copyMessage(platform: Platform, actor: Actor, id: string): Promise<MessageRow> {
  const row = await getMessage(platform, id);
  const copy = await createMessage(platform, actor, {
    name: `${row.name} (copy)`.slice(0, 200),
    subject: row.subject,
    preheader: row.preheader,
    html: row.html,
    templateId: row.templateId,
    createdBy: actor.kind === "user" ? actor.id : null,
  });
  return saveMessage(platform, actor, {
    id: copy.id,
    revision: copy.revision,
    source: { ...sourceOf(row), name: copy.name },
    topicId: row.topicId,
  });
}

/** Identifies content: SHA-256 of the source and topic in a fixed order of keys. */
export function hashOf(source: MessageSource, topicId: string | null): string {
  const ordered = Object.entries(source).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([ordered, topicId]))
    .digest("hex");
}
