import type { Finding } from "#core/kernel/finding.ts";
import { compileMessage } from "#core/messages/compile-message.ts";
import type { CompiledMessage } from "#core/messages/compiled-message.ts";
import type { Platform } from "../platform/index.ts";
import { listAttributes } from "./gather-context.ts";
import { type MessageRow, sourceOf } from "./store.ts";

export type Checked = {
  readonly findings: readonly Finding[];
  readonly compiled: CompiledMessage | undefined;
};

/** Runs the error check on a draft, in given or the default content settings. */
export async function checkDraft(
  platform: Platform,
  row: MessageRow,
  _contentSettingsId?: string,
): Promise<Checked> {
  const compiled = compileMessage(sourceOf(row), { attributes: await listAttributes(platform.db) });
  return compiled.ok
    ? { findings: [], compiled: compiled.value }
    : { findings: compiled.error, compiled: undefined };
}
