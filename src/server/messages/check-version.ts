import type { Finding } from "#core/kernel/finding.ts";
import { MessageSource } from "#core/messages/message-source.ts";
import { type Platform, sql } from "../platform/index.ts";
import { checkDraft } from "./check-draft.ts";
import type { MessageNeeds } from "./needs.ts";
import { getMessage } from "./save-message.ts";

/**
 * Runs the error check on a live version, as it was frozen, in given content settings (null: the default ones).
 * This is what a journey that sends it has to pass. Row numbers.
 */
export async function checkVersion(
  platform: Platform,
  needs: MessageNeeds,
  versionId: string,
  contentSettingsId: string | null,
): Promise<readonly Finding[]> {
  const version = await platform.db.first<{ message_id: string; source: unknown }>(
    sql`select message_id, source from message_versions where id = ${versionId}`,
  );
  if (!version) throw new Error(`There is no message version ${versionId}`);
  const { linkTags = null, ...source } = MessageSource.parse(version.source);
  const row = { ...(await getMessage(platform, version.message_id)), ...source, linkTags };
  return (await checkDraft(platform, needs, row, contentSettingsId ?? undefined)).findings;
}
