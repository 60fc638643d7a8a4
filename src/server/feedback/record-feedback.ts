import { domainToASCII } from "node:url";
import { readAddress } from "#core/contacts/address.ts";
import { policyOf } from "#core/delivery/bounce-categories.ts";
import type { Meaning } from "#core/delivery/feedback/read-feedback.ts";
import { recordConsent, suppress } from "../consent/index.ts";
import { resolveDoubt } from "../delivery/index.ts";
import { applyOptOuts } from "../pages/index.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import { namedHitId, type Tracking } from "../tracking/index.ts";
import { addBounces, findSubjects, keepReports, lockDeliveries, type Subject } from "./store.ts";

/** One report about one delivery, from whatever way in. */
export type FeedbackEvent = {
  /** The same for every arrival of one report. */
  readonly key: Buffer;
  /** `smtp`, `imap` or `webhook/<row>`. */
  readonly way: string;
  /** Undefined: about nothing that we signed. */
  readonly deliveryId: string | undefined;
  readonly meaning: Meaning;
  readonly sender: string;
  readonly subject: string;
  /** Kept where it was not understood. */
  readonly source: Buffer;
};

export type FeedbackDeps = { readonly platform: Platform; readonly tracking: Tracking };
type Known = FeedbackEvent & { readonly about: Subject };

/**
 * [D47] Everything that follows from reports, in the transaction that keeps them: doubts are settled, late bounces counted,
 * addresses suppressed, wishes to stop applied. A report that came before changes nothing. Returns how many were new.
 */
export async function recordFeedback(
  deps: FeedbackDeps,
  tx: Transaction,
  events: readonly FeedbackEvent[],
): Promise<number> {
  const fresh = await keepReports(tx, events);
  const ids = fresh.flatMap(({ deliveryId }) => deliveryId ?? []);
  if (ids.length === 0) return fresh.length;
  await lockDeliveries(tx, ids);
  await settleDoubts(tx, fresh);
  const subjects = await findSubjects(tx, ids);
  const known = fresh.flatMap((event): Known[] => {
    const about = subjects.get(event.deliveryId ?? "");
    return about ? [{ ...event, about }] : [];
  });
  await recordBounces(deps, tx, known);
  await recordComplaints(deps, tx, known);
  await recordOptOuts(deps, tx, known);
  return fresh.length;
}

/** [D48] Who reports about a message has received it: a doubt about it is settled. */
async function settleDoubts(tx: Transaction, events: readonly FeedbackEvent[]): Promise<void> {
  const proven = events.flatMap(({ deliveryId, meaning }) =>
    deliveryId !== undefined && meaning.kind !== "not-understood" ? [deliveryId] : [],
  );
  if (proven.length > 0) await resolveDoubt(tx, [...new Set(proven)], { accepted: "told-by-receiver" });
}

/** [D49] What was accepted and came back. What was refused at once is counted already. */
async function recordBounces(
  { platform }: FeedbackDeps,
  tx: Transaction,
  events: readonly Known[],
): Promise<void> {
  const late = events.flatMap(({ about, meaning }) =>
    meaning.kind === "bounce" && about.isLate ? [{ ...about, ...meaning }] : [],
  );
  const added = await addBounces(tx, late);
  const news = late.filter(({ deliveryId }, place) => {
    const isFirst = late.findIndex((other) => other.deliveryId === deliveryId) === place;
    return isFirst && added.has(deliveryId);
  });
  await suppress(
    tx,
    news
      .filter(({ category }) => policyOf(category) === "at-once")
      .flatMap(({ address, diagnostic }) => {
        const key = keyOf(address);
        const reason = diagnostic.slice(0, 500);
        return key === undefined
          ? []
          : [{ addressKey: key, category: "hard-bounce" as const, reason, source: "bounce" }];
      }),
  );
  await platform.news.publish(
    tx,
    "delivery.bounced",
    news.map(({ deliveryId, mailingId, contactId, category, isHard, diagnostic }) => ({
      deliveryId,
      mailingId,
      contactId,
      category,
      isHard,
      diagnostic,
    })),
  );
}

/** [D50] Who complains is never mailed again, agrees to nothing any more, and is counted once for each message. */
async function recordComplaints(
  { platform, tracking }: FeedbackDeps,
  tx: Transaction,
  events: readonly Known[],
): Promise<void> {
  const complaints = events.filter(({ meaning }) => meaning.kind === "complaint");
  const hitIdOf = ({ about }: Known) => namedHitId(`complaint/${about.deliveryId}`);
  const recorded = await tracking.recordInteractions(
    tx,
    complaints.map((complaint) => ({
      hitId: hitIdOf(complaint),
      kind: "complaint",
      at: platform.clock.now(),
      deliveryId: complaint.about.deliveryId,
      data: { diagnostic: complaint.meaning.diagnostic },
    })),
  );
  const fresh = new Set(recorded.map(({ hitId }) => hitId));
  await recordConsent(
    platform.news,
    tx,
    complaints
      .filter((complaint) => fresh.has(hitIdOf(complaint)))
      .flatMap(({ about: { address, deliveryId } }) => {
        const addressKey = keyOf(address);
        return addressKey === undefined
          ? []
          : [
              {
                addressKey,
                topicId: null,
                kind: "withdrawn" as const,
                source: "complaint" as const,
                deliveryId,
              },
            ];
      }),
  );
  await suppress(
    tx,
    complaints.flatMap(({ about, meaning }) => {
      const addressKey = keyOf(about.address);
      const reason = `Reported as unwanted. ${meaning.diagnostic}`;
      return addressKey === undefined
        ? []
        : [{ addressKey, category: "complaint" as const, reason, source: "complaint" }];
    }),
  );
}

/** [D51] A mail to the address for unsubscribing does what one click does. */
async function recordOptOuts(deps: FeedbackDeps, tx: Transaction, events: readonly Known[]): Promise<void> {
  const at = deps.platform.clock.now().getTime();
  const hits = events.flatMap(({ key, meaning, about: { deliveryId } }) =>
    meaning.kind === "unsubscribe"
      ? [
          {
            id: namedHitId(`feedback/${key.toString("hex")}`),
            kind: "unsubscribe" as const,
            deliveryId,
            at,
            method: "MAIL",
            ip: "",
            userAgent: "",
          },
        ]
      : [],
  );
  await applyOptOuts(deps, tx, hits, "mail");
}

/** The key of an address that mail went to; undefined once it is forgotten. */
export function keyOf(address: string | null): string | undefined {
  const read = readAddress(address ?? "", domainToASCII);
  return read.ok ? read.value.key : undefined;
}
