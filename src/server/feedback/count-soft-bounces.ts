import { z } from "zod";
import { findBounceCategory } from "#core/delivery/bounce-categories.ts";
import { countSoftBounce, type SoftBouncePolicy, type SoftStanding } from "#core/delivery/soft-bounces.ts";
import { suppress } from "../consent/index.ts";
import type { NewsItem, Platform, Transaction } from "../platform/index.ts";
import { keyOf } from "./record-feedback.ts";
import { readSoftBouncePolicy } from "./soft-bounce-policy.ts";
import { findGoodNews, readStandings, writeStandings } from "./soft-bounce-store.ts";
import { findSubjects } from "./store.ts";

const bounced = z.object({ deliveryId: z.string(), category: z.string() });
const dayMilliseconds = 86_400_000;

type Bounce = {
  readonly deliveryId: string;
  readonly contactId: string;
  readonly addressKey: string;
  readonly at: Date;
};

/** Counts soft bounces in a row, from refusals at once and from those that came back. */
export function hearOfSoftBounces({ news, clock }: Pick<Platform, "news" | "clock">): void {
  news.subscribe("feedback.soft-bounces", ["delivery.bounced"], async (tx, items) => {
    const bounces = await findSoft(tx, items);
    if (bounces.length === 0) return;
    const policy = await readSoftBouncePolicy(tx);
    // One bounce of each address at a time: what came before decides.
    for (const round of roundsOf(bounces)) await countRound(tx, round, policy, clock.now());
  });
}

async function findSoft(tx: Transaction, items: readonly NewsItem[]): Promise<Bounce[]> {
  const soft = items.flatMap(({ payload, at }) => {
    const { deliveryId, category } = bounced.parse(payload);
    return findBounceCategory(category)?.suppresses === "in-a-row" ? [{ deliveryId, at }] : [];
  });
  const subjects = await findSubjects(
    tx,
    soft.map(({ deliveryId }) => deliveryId),
  );
  return soft.flatMap(({ deliveryId, at }) => {
    const subject = subjects.get(deliveryId);
    const addressKey = keyOf(subject?.address ?? null);
    return subject && addressKey !== undefined
      ? [{ deliveryId, contactId: subject.contactId, addressKey, at }]
      : [];
  });
}

function roundsOf(bounces: readonly Bounce[]): Bounce[][] {
  const seen = new Map<string, number>();
  const rounds: Bounce[][] = [];
  for (const bounce of bounces) {
    const round = seen.get(bounce.addressKey) ?? 0;
    seen.set(bounce.addressKey, round + 1);
    rounds[round] ??= [];
    rounds[round].push(bounce);
  }
  return rounds;
}

async function countRound(
  tx: Transaction,
  bounces: readonly Bounce[],
  policy: SoftBouncePolicy,
  now: Date,
): Promise<void> {
  const standings = await readStandings(
    tx,
    bounces.map(({ addressKey }) => addressKey),
  );
  const goodNews = await findGoodNews(tx, bounces, policy.settledAfterDays);
  const nothing: SoftStanding = { deliveryIds: [], occurrences: 0 };
  const counted = bounces.map((bounce) => ({
    ...bounce,
    ...countSoftBounce(
      standings.get(bounce.addressKey) ?? nothing,
      { deliveryId: bounce.deliveryId, isAfterGoodNews: goodNews.has(bounce.addressKey) },
      policy,
    ),
  }));
  await writeStandings(tx, counted);
  await suppress(
    tx,
    counted.flatMap(({ addressKey, suppressForDays, standing: { occurrences } }) =>
      suppressForDays === undefined
        ? []
        : [
            {
              addressKey,
              category: "soft-bounce" as const,
              reason: `${policy.inARow} soft bounces in a row, time ${occurrences}`,
              source: "bounce",
              expiresAt: new Date(now.getTime() + suppressForDays * dayMilliseconds),
            },
          ],
    ),
  );
}
