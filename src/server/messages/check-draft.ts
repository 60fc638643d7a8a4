import { checkMessage } from "#core/check/check-message.ts";
import type { Finding } from "#core/kernel/finding.ts";
import { compileMessage } from "#core/messages/compile-message.ts";
import type { CompiledMessage } from "#core/messages/compiled-message.ts";
import type { Platform } from "../platform/index.ts";
import { listAttributes } from "./gather-context.ts";
import { gatherFacts } from "./gather-facts.ts";
import type { MessageNeeds } from "./needs.ts";
import { type MessageRow, sourceOf } from "./store.ts";

export type Checked = {
  readonly findings: readonly Finding[];
  /** Undefined if it cannot be compiled; the findings say why. */
  readonly compiled: CompiledMessage | undefined;
};

/** Runs the error check on a draft, in given or the default content settings. */
export async function checkDraft(
  platform: Platform,
  needs: MessageNeeds,
  row: MessageRow,
  contentSettingsId?: string,
): Promise<Checked> {
  const source = sourceOf(row);
  const findings = checkMessage(await gatherFacts(platform, needs, source, contentSettingsId));
  const compiled = compileMessage(source, { attributes: await listAttributes(platform.db) });
  return { findings, compiled: compiled.ok ? compiled.value : undefined };
}
