import { recordConsent } from "../consent/index.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import { newHitId, type Tracking } from "../tracking/index.ts";
import { type Recipient, readPreferences } from "./store.ts";

/** Who saved, as the ledger keeps it. */
export type Evidence = { readonly ip: string; readonly userAgent: string };

type Change = { readonly topicId: string | null; readonly kind: "granted" | "withdrawn" };

/** [PG5] What a filled-in centre changes: only topics that were on the form count, and only differences are written. */
export function changesOf(
  fields: Readonly<Record<string, string>>,
  before: {
    readonly topics: readonly { readonly id: string; readonly isGranted: boolean }[];
    readonly isOptedOut: boolean;
  },
): Change[] {
  const changes: Change[] = [];
  const wantsNone = fields.none === "on";
  if (wantsNone !== before.isOptedOut)
    changes.push({ topicId: null, kind: wantsNone ? "withdrawn" : "granted" });
  for (const topic of before.topics) {
    if (fields[`shown_${topic.id}`] === undefined) continue;
    const wants = fields[`topic_${topic.id}`] === "on";
    if (wants !== topic.isGranted) changes.push({ topicId: topic.id, kind: wants ? "granted" : "withdrawn" });
  }
  return changes;
}

/** Writes what a contact chose in the centre. Returns whether anything changed. */
export async function savePreferences(
  deps: { readonly platform: Platform; readonly tracking: Tracking },
  tx: Transaction,
  given: {
    readonly recipient: Recipient;
    readonly addressKey: string;
    readonly fields: Readonly<Record<string, string>>;
    readonly evidence: Evidence;
  },
): Promise<boolean> {
  const { recipient, addressKey, fields, evidence } = given;
  const before = await readPreferences(tx, addressKey, recipient.topicId);
  const changes = changesOf(fields, before);
  if (changes.length === 0) return false;
  await recordConsent(
    deps.platform.news,
    tx,
    changes.map((change) => ({
      addressKey,
      ...change,
      source: "subscription-centre",
      wording: wordingOf(change, before.topics),
      deliveryId: recipient.deliveryId,
      ...evidence,
    })),
  );
  const withdrawn = changes.filter(({ kind }) => kind === "withdrawn");
  if (withdrawn.length > 0) {
    const at = deps.platform.clock.now();
    await deps.tracking.recordInteractions(tx, [
      {
        hitId: newHitId(at),
        kind: "unsubscribe",
        at,
        deliveryId: recipient.deliveryId,
        ...evidence,
        data: { by: "subscription-centre", topicIds: withdrawn.map(({ topicId }) => topicId) },
      },
    ]);
  }
  return true;
}

/** The words that stood beside the box: what a person agreed to is part of the record. */
function wordingOf(
  change: Change,
  topics: readonly { readonly id: string; readonly name: string; readonly description: string }[],
): string {
  const topic = topics.find(({ id }) => id === change.topicId);
  return topic ? [topic.name, topic.description].filter((text) => text !== "").join(": ") : "Do not email me";
}
