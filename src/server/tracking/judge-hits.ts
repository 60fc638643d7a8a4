import { setImmediate as breathe } from "node:timers/promises";
import { classifyHit, type Judgement } from "#core/tracking/classify-hit.ts";
import type { Hit } from "#core/tracking/hit.ts";
import { burstSeconds, type NearbyHit, surroundingsOf, trapSeconds } from "#core/tracking/surroundings.ts";
import { loadStatement, type Queries } from "../platform/index.ts";
import { type HitRules, networksOf } from "./hit-rules.ts";
import { isListedBot } from "./listed-bot.ts";

/** What is known around the hits of one delivery. */
type DeliveryFacts = { readonly acceptedAt: number | null; readonly nearby: readonly NearbyHit[] };

/** How to judge hits. */
export type Judging = {
  readonly rules: HitRules;
  /** Hits that are not in the database yet. */
  readonly alsoNearby: readonly Hit[];
  /** How many recipients' links the same visitor followed around this hit. */
  readonly crowdOf: (hit: Hit) => number;
};

/** After so many deliveries whoever clicks meanwhile is answered. */
const deliveriesAtOnce = 100;

const factsStatement = loadStatement(import.meta.url, "./queries/gather-hit-facts.sql");

/** Judges hits by what the database and the given hits say around them; by hit id. */
export async function judgeHits(
  db: Queries,
  hits: readonly Hit[],
  { rules, alsoNearby, crowdOf }: Judging,
): Promise<ReadonlyMap<string, Judgement>> {
  if (hits.length === 0) return new Map();
  const recorded = await gatherFacts(db, hits);
  const others = Map.groupBy(alsoNearby, ({ deliveryId }) => deliveryId);
  const findNetwork = networksOf(rules);
  const judged = new Map<string, Judgement>();
  let deliveries = 0;
  for (const [deliveryId, own] of Map.groupBy(hits, (hit) => hit.deliveryId)) {
    if (++deliveries % deliveriesAtOnce === 0) await breathe();
    const { acceptedAt, nearby } = recorded.get(deliveryId) ?? { acceptedAt: null, nearby: [] };
    const around = surroundingsOf([...nearby, ...(others.get(deliveryId) ?? []), ...own]);
    for (const hit of own)
      judged.set(
        hit.id,
        classifyHit(hit, {
          isListedBot: isListedBot(hit.userAgent),
          network: findNetwork(hit.ip),
          acceptedAt,
          burst: around.burstAt(hit.at),
          crowd: crowdOf(hit),
          isByTrap: around.isByTrap(hit),
        }),
      );
  }
  return judged;
}

async function gatherFacts(db: Queries, hits: readonly Hit[]): Promise<ReadonlyMap<string, DeliveryFacts>> {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const { at } of hits) [first, last] = [Math.min(first, at), Math.max(last, at)];
  type Row = { delivery_id: string; accepted_at: Date | null; nearby: NearbyHit[] };
  const rows = await db.named<Row>(factsStatement, [
    [...new Set(hits.map(({ deliveryId }) => deliveryId))],
    new Date(first),
    new Date(last),
    burstSeconds,
    trapSeconds.same,
  ]);
  return new Map(
    rows.map(({ delivery_id, accepted_at, nearby }) => [
      delivery_id,
      { acceptedAt: accepted_at?.getTime() ?? null, nearby },
    ]),
  );
}
