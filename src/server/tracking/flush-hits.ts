import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { Judgement } from "#core/tracking/classify-hit.ts";
import type { Hit } from "#core/tracking/hit.ts";
import { burstSeconds } from "#core/tracking/surroundings.ts";
import { isDatabaseAway, type Platform, type Transaction } from "../platform/index.ts";
import type { HeldHit } from "./held-hits.ts";
import { currentRules } from "./hit-rules.ts";
import type { HitShelf } from "./hit-shelf.ts";
import { judgeHits } from "./judge-hits.ts";
import type { RecentVisitors } from "./recent-visitors.ts";
import { type InteractionRow, recordInteractions } from "./record-interactions.ts";

/** Applies hits of a kind that mean more than a row; runs in the transaction that settles them, and must bear repeats. */
export type HitHandler = (tx: Transaction, hits: readonly Hit[]) => Promise<void>;

/** How to bring hits from a shelf to the database. */
export type Flush = {
  readonly platform: Pick<Platform, "db" | "clock" | "log" | "news">;
  readonly shelf: HitShelf;
  readonly quarantineFolder: string;
  /** What to do with unsubscribes; they are handled before anything else. */
  readonly optOut: () => HitHandler | undefined;
  readonly visitors: RecentVisitors;
};

/** Large enough for the database, small enough for whoever clicks meanwhile. */
const batchSize = 500;

/**
 * Takes one batch from the shelf to the database. Hits wait until every burst they could be part of is over, so
 * that a judgement never has to be taken back. Returns how many hits were settled; throws while the database is away.
 */
export async function flushHits(flush: Flush): Promise<number> {
  const { shelf, platform } = flush;
  await shelf.fill();
  const ripeAt = platform.clock.now().getTime() - burstSeconds * 1000;
  const due = shelf.held.first(batchSize, ({ kind, at }) => kind === "unsubscribe" || at <= ripeAt);
  if (due.length === 0) return 0;
  await settleOrSplit(flush, due);
  await shelf.settle(due);
  return due.length;
}

/** One hit that the database cannot take must not hold up the others: it is looked for by halving and put aside. */
async function settleOrSplit(flush: Flush, due: readonly HeldHit[]): Promise<void> {
  try {
    await record(flush, due);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    const [first, ...others] = due;
    if (!first) return;
    if (others.length > 0) {
      const middle = Math.ceil(due.length / 2);
      await settleOrSplit(flush, due.slice(0, middle));
      return settleOrSplit(flush, due.slice(middle));
    }
    flush.platform.log.error({ hit: first.hit.id, reason: String(error) }, "a hit was put into quarantine");
    await appendFile(join(flush.quarantineFolder, "quarantine.jsonl"), `${JSON.stringify(first.hit)}\n`);
  }
}

async function record(flush: Flush, due: readonly HeldHit[]): Promise<void> {
  const { platform, shelf } = flush;
  const hits = due.map(({ hit }) => hit);
  const optOuts = hits.filter(({ kind }) => kind === "unsubscribe");
  const seen = hits.filter(({ kind }) => kind !== "unsubscribe");
  flush.visitors.meet(seen);
  await platform.db.transaction(async (tx) => {
    const rules = await currentRules(tx);
    const judged = await judgeHits(tx, seen, {
      rules,
      alsoNearby: shelf.held.followedOf(new Set(seen.map(({ deliveryId }) => deliveryId))),
      crowdOf: flush.visitors.crowdOf,
    });
    const rows = seen.flatMap((hit) => {
      const judgement = judged.get(hit.id);
      return judgement ? [toInteraction(hit, judgement, rules.number)] : [];
    });
    await recordInteractions(tx, platform.news, rows);
    const handle = flush.optOut();
    if (optOuts.length > 0 && !handle) throw new Error("Nobody handles unsubscribes");
    if (optOuts.length > 0) await handle?.(tx, optOuts);
  });
}

function toInteraction(hit: Hit, { agent, evidence }: Judgement, rules: number): InteractionRow {
  return {
    hitId: hit.id,
    kind: hit.kind,
    at: new Date(hit.at),
    deliveryId: hit.deliveryId,
    ...(hit.linkNumber === undefined ? {} : { linkNumber: hit.linkNumber }),
    agent,
    evidence,
    ip: hit.ip,
    userAgent: hit.userAgent,
    method: hit.method === "GET" ? undefined : hit.method,
    prefetch: hit.prefetch,
    rules,
  };
}
