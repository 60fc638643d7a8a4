import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { isSameJudgement } from "#core/tracking/classify-hit.ts";
import { type DenseSpan, mostAt } from "#core/tracking/dense-spans.ts";
import type { Hit } from "#core/tracking/hit.ts";
import { crowdRecipients, crowdSeconds, crowdsOf, visitorKey } from "#core/tracking/surroundings.ts";
import { audit } from "../access/index.ts";
import { type Database, loadStatement, type Platform, sql, type Transaction } from "../platform/index.ts";
import { currentRules } from "./hit-rules.ts";
import { judgeHits } from "./judge-hits.ts";
import { lockInteractions } from "./record-interactions.ts";
import {
  endReview,
  insertReview,
  lockReview,
  moveReview,
  type Review,
  restartReview,
} from "./review-store.ts";

const reviewJob = "tracking.review";
const deliveriesAtOnce = 500;
const judgedKinds = ["open", "click", "view", "trap"];
const hourMilliseconds = 3_600_000;
const crowdsStatement = loadStatement(import.meta.url, "./queries/find-crowds.sql");
const judgeStatement = loadStatement(import.meta.url, "./queries/judge-again.sql");

/** [T55] Begins to judge what is stored again. Whoever begins it, a job goes on with it, so that nothing can strand it. */
export async function beginReview(
  platform: Pick<Platform, "db" | "jobs">,
  actor: Actor,
  since: Date | null,
): Promise<Review> {
  return platform.db.transaction(async (tx) => {
    const { number } = await currentRules(tx);
    const review = await insertReview(tx, { rules: number, since, actorLabel: actor.label });
    if (!review) return refuse("tracking.review-running");
    await platform.jobs.enqueue(tx, reviewJob, {});
    await audit(tx, actor, {
      action: "hits.review-started",
      details: { rules: number, since: since?.toISOString() ?? null },
    });
    return review;
  });
}

/** Ends the run under way. What it judged stays judged. */
export async function cancelReview(db: Database, actor: Actor): Promise<void> {
  await db.transaction(async (tx) => {
    const review = await lockReview(tx);
    if (!review) return refuse("tracking.no-review");
    await endReview(tx, review.id, "cancelled");
    await audit(tx, actor, { action: "hits.review-cancelled", details: { judged: review.judged } });
  });
}

/** Declares the job that does it. After a crash it goes on where the last transaction ended. */
export function defineReviewJob({ db, jobs }: Pick<Platform, "db" | "jobs">): void {
  jobs.define(reviewJob, async ({ signal }) => {
    while (await reviewStep(db)) signal.throwIfAborted();
  });
}

/** One step of the run under way, in one transaction; false if there is none. */
export function reviewStep(db: Database): Promise<boolean> {
  return db.transaction(async (tx) => {
    const review = await lockReview(tx);
    if (!review) return false;
    const { number } = await currentRules(tx);
    if (number !== review.rules) await restartReview(tx, review.id, number);
    else if (review.phase === "crowds") await searchHour(tx, review);
    else await judgeDeliveries(tx, review);
    return true;
  });
}

/** [T53] Looks for crowds in the next hour that has clicks. */
async function searchHour(tx: Transaction, review: Review): Promise<void> {
  const next = await tx.first<{ hour: Date | null }>(sql`
    select min(hour) as hour from interaction_hours
    where kind = 'click' and hour > ${review.afterHour ?? new Date(0)}
      and hour >= ${new Date((review.since?.getTime() ?? 0) - hourMilliseconds)}`);
  if (!next?.hour) return moveReview(tx, review.id, { phase: "deliveries" });
  const margin = crowdSeconds * 1000;
  type Visit = { ip: string; userAgent: string; deliveryId: string; at: Date };
  const visits = await tx.named<Visit>(crowdsStatement, [
    new Date(next.hour.getTime() - margin),
    new Date(next.hour.getTime() + hourMilliseconds + margin),
    crowdRecipients,
  ]);
  const found = [...Map.groupBy(visits, visitorKey).values()].flatMap((own) => {
    const [{ ip, userAgent } = { ip: "", userAgent: "" }] = own;
    const spans = crowdsOf(own.map(({ deliveryId, at }) => ({ deliveryId, at: at.getTime() })));
    return spans.map((span) => ({ ip, userAgent, ...span }));
  });
  await tx.run(sql`
    insert into hit_crowds (ip, user_agent, from_at, to_at, recipients)
    select * from unnest(${found.map(({ ip }) => ip)}::text[], ${found.map(({ userAgent }) => userAgent)}::text[],
      ${found.map(({ from }) => new Date(from))}::timestamptz[], ${found.map(({ to }) => new Date(to))}::timestamptz[],
      ${found.map(({ most }) => most)}::integer[])`);
  await moveReview(tx, review.id, { afterHour: next.hour });
}

type StoredHit = {
  readonly row: string;
  readonly hit: Hit;
  readonly agent: "human" | "machine";
  readonly evidence: string | null;
};

/** Judges the hits of the next deliveries, and moves what their verdicts move. */
async function judgeDeliveries(tx: Transaction, review: Review): Promise<void> {
  await lockInteractions(tx);
  const stored = await readHits(tx, review);
  if (stored.length === 0) return endReview(tx, review.id, "finished");
  const hits = stored.map(({ hit }) => hit);
  const judged = await judgeHits(tx, hits, {
    rules: await currentRules(tx),
    alsoNearby: [],
    crowdOf: await recallCrowds(tx, hits),
  });
  const others = stored.flatMap(({ row, hit, agent, evidence }) => {
    const verdict = judged.get(hit.id);
    const isSame = !verdict || isSameJudgement(verdict, { agent, evidence });
    return isSame ? [] : [{ id: row, ...verdict }];
  });
  const [moved] = await tx.named<{ changed: number; mailingIds: string[] | null }>(judgeStatement, [
    JSON.stringify(others),
    review.rules,
  ]);
  // A number of nothing is no row, as if it had never been counted.
  const mailingIds = moved?.mailingIds ?? [];
  for (const table of [sql`interaction_totals`, sql`interaction_hours`])
    if (mailingIds.length > 0)
      await tx.run(sql`delete from ${table} where mailing_id = any(${mailingIds}::bigint[]) and total = 0`);
  await moveReview(tx, review.id, {
    afterDelivery: hits.at(-1)?.deliveryId ?? review.afterDelivery,
    judged: hits.length,
    changed: moved?.changed ?? 0,
  });
}

/** The hits of the next deliveries, in their order. */
async function readHits(tx: Transaction, { afterDelivery, since }: Review): Promise<StoredHit[]> {
  type Row = {
    id: string;
    hit_id: string;
    kind: Hit["kind"];
    delivery_id: string;
    link_number: number | null;
    at: Date;
    ip: string | null;
    user_agent: string | null;
    method: string | null;
    prefetch: string | null;
    agent: "human" | "machine";
    evidence: string | null;
  };
  const isDue = sql`kind = any(${judgedKinds}::text[]) and (${since}::timestamptz is null or at >= ${since})`;
  const rows = await tx.rows<Row>(sql`
    with due as (
      select delivery_id from interactions
      where delivery_id > ${afterDelivery}::bigint and ${isDue}
      group by delivery_id order by delivery_id limit ${deliveriesAtOnce}
    )
    select id, hit_id, kind, delivery_id, link_number, at, ip, user_agent, method, prefetch, agent, evidence
    from interactions where delivery_id in (select delivery_id from due) and ${isDue}
    order by delivery_id, id`);
  return rows.map((row) => ({
    row: row.id,
    agent: row.agent,
    evidence: row.evidence,
    hit: {
      id: row.hit_id,
      kind: row.kind,
      deliveryId: row.delivery_id,
      ...(row.link_number === null ? {} : { linkNumber: row.link_number }),
      at: row.at.getTime(),
      method: row.method ?? "GET",
      ip: row.ip ?? "",
      userAgent: row.user_agent ?? "",
      ...(row.prefetch === null ? {} : { prefetch: row.prefetch }),
    },
  }));
}

/** What the first part of the run found of these hits' visitors. */
async function recallCrowds(tx: Transaction, hits: readonly Hit[]): Promise<(hit: Hit) => number> {
  const ips = [...new Set(hits.flatMap(({ kind, ip }) => (kind === "click" ? [ip] : [])))];
  type Crowd = { ip: string; userAgent: string; from: Date; to: Date; most: number };
  const crowds = await tx.rows<Crowd>(sql`
    select ip, user_agent as "userAgent", from_at as "from", to_at as "to", recipients as most
    from hit_crowds where ip = any(${ips}::text[])`);
  const spans = new Map<string, DenseSpan[]>();
  for (const { from, to, most, ...visitor } of crowds) {
    const key = visitorKey(visitor);
    spans.set(key, [...(spans.get(key) ?? []), { from: from.getTime(), to: to.getTime(), most }]);
  }
  return (hit) => mostAt(spans.get(visitorKey(hit)) ?? [], hit.at);
}
