import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { burstSeconds, classifyHit, type HitFacts } from "#core/tracking/classify-hit.ts";
import type { Hit } from "#core/tracking/hit.ts";
import { isDatabaseAway, loadStatement, type Platform, type Transaction } from "../platform/index.ts";
import type { HeldHit, HitShelf } from "./hit-shelf.ts";
import { isListedBot } from "./listed-bot.ts";
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
};

const batchSize = 1000;
const factsStatement = loadStatement(import.meta.url, "./queries/gather-hit-facts.sql");

/**
 * Takes one batch from the shelf to the database. Clicks wait until every burst they could be part of is over, so that
 * a judgement never has to be taken back. Returns how many hits were settled; throws while the database is away.
 */
export async function flushHits(flush: Flush): Promise<number> {
  const { shelf, platform } = flush;
  await shelf.fill();
  const ripeAt = platform.clock.now().getTime() - burstSeconds * 1000;
  const isRipe = ({ hit }: HeldHit) => hit.kind !== "click" || hit.at <= ripeAt;
  const due = shelf.held().filter(isRipe).slice(0, batchSize);
  if (due.length === 0) return 0;
  await settleOrSplit(flush, due);
  await shelf.settle(new Set(due));
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
  await platform.db.transaction(async (tx) => {
    const facts = await gatherFacts(tx, seen, shelf);
    const rows = seen.map((hit) => toInteraction(hit, facts.get(hit.id)));
    await recordInteractions(tx, platform.news, rows);
    const handle = flush.optOut();
    if (optOuts.length > 0 && !handle) throw new Error("Nobody handles unsubscribes");
    if (optOuts.length > 0) await handle?.(tx, optOuts);
  });
}

function toInteraction(hit: Hit, facts: HitFacts | undefined): InteractionRow {
  const { agent, evidence } = classifyHit(
    hit,
    facts ?? { isListedBot: isListedBot(hit.userAgent), acceptedAt: null, clicksNearby: [] },
  );
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
  };
}

type FactsRow = {
  delivery_id: string;
  accepted_at: Date | null;
  clicks: { linkNumber: number; at: number }[];
};

/** Facts of the clicks, by hit id: from the database, and from the clicks that are still on the shelf. */
async function gatherFacts(
  tx: Transaction,
  hits: readonly Hit[],
  shelf: HitShelf,
): Promise<ReadonlyMap<string, HitFacts>> {
  const clicks = hits.filter(({ kind }) => kind === "click");
  if (clicks.length === 0) return new Map();
  const times = clicks.map(({ at }) => at);
  const reach = burstSeconds * 1000;
  const rows = await tx.named<FactsRow>(factsStatement, [
    [...new Set(clicks.map(({ deliveryId }) => deliveryId))],
    new Date(Math.min(...times) - reach),
    new Date(Math.max(...times) + reach),
  ]);
  const recorded = new Map(rows.map((row) => [row.delivery_id, row]));
  const shelved = Map.groupBy(
    shelf.held().flatMap(({ hit }) => (hit.kind === "click" ? [hit] : [])),
    ({ deliveryId }) => deliveryId,
  );
  const factsOf = (click: Hit): HitFacts => ({
    isListedBot: isListedBot(click.userAgent),
    acceptedAt: recorded.get(click.deliveryId)?.accepted_at?.getTime() ?? null,
    clicksNearby: [
      ...(recorded.get(click.deliveryId)?.clicks ?? []),
      ...(shelved.get(click.deliveryId) ?? []).flatMap(({ linkNumber, at }) =>
        linkNumber === undefined ? [] : [{ linkNumber, at }],
      ),
    ],
  });
  return new Map(clicks.map((click) => [click.id, factsOf(click)]));
}
