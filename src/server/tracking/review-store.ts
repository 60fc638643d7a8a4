import { type Queries, sql, type Transaction } from "../platform/index.ts";

/** One run of judging again what is stored. Ids are row numbers. */
export type Review = {
  readonly id: string;
  readonly rules: number;
  readonly since: Date | null;
  readonly state: "running" | "finished" | "cancelled";
  readonly phase: "crowds" | "deliveries";
  readonly afterHour: Date | null;
  readonly afterDelivery: string;
  readonly lastDelivery: string;
  readonly judged: number;
  readonly changed: number;
  readonly actorLabel: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
};

const columns = sql`id, rules, since, state, phase, after_hour as "afterHour", after_delivery as "afterDelivery",
  last_delivery as "lastDelivery", judged::float8 as judged, changed::float8 as changed, actor_label as "actorLabel",
  started_at as "startedAt", finished_at as "finishedAt"`;

/** The run under way, else the last one. */
export function latestReview(db: Queries): Promise<Review | undefined> {
  return db.first<Review>(sql`select ${columns} from hit_reviews order by id desc limit 1`);
}

/** The run under way, which nobody else moves until the transaction ends. */
export function lockReview(tx: Transaction): Promise<Review | undefined> {
  return tx.first<Review>(sql`select ${columns} from hit_reviews where state = 'running' for update`);
}

/** Begins a run; undefined if one is under way. */
export function insertReview(
  tx: Transaction,
  given: { readonly rules: number; readonly since: Date | null; readonly actorLabel: string },
): Promise<Review | undefined> {
  return tx.first<Review>(sql`
    insert into hit_reviews (rules, since, actor_label, last_delivery)
    select ${given.rules}, ${given.since}, ${given.actorLabel},
           coalesce((select max(delivery_id) from interactions where delivery_id is not null), 0)
    on conflict ((true)) where state = 'running' do nothing
    returning ${columns}`);
}

type Place = {
  readonly [field in "phase" | "afterHour" | "afterDelivery" | "judged" | "changed"]?: Review[field];
};

/** Moves a run on; what is left out stays. */
export async function moveReview(tx: Transaction, id: string, to: Place): Promise<void> {
  await tx.run(sql`
    update hit_reviews set phase = coalesce(${to.phase ?? null}, phase),
      after_hour = coalesce(${to.afterHour ?? null}, after_hour),
      after_delivery = coalesce(${to.afterDelivery ?? null}, after_delivery),
      judged = judged + ${to.judged ?? 0}, changed = changed + ${to.changed ?? 0}, moved_at = now()
    where id = ${id}`);
}

/** Begins a run anew, because the rules were changed since. */
export async function restartReview(tx: Transaction, id: string, rules: number): Promise<void> {
  await tx.run(sql`delete from hit_crowds`);
  await tx.run(sql`
    update hit_reviews set rules = ${rules}, phase = 'crowds', after_hour = null, after_delivery = 0, judged = 0, moved_at = now()
    where id = ${id}`);
}

/** Ends a run. What it found of visitors is not kept longer than it needs it. */
export async function endReview(tx: Transaction, id: string, state: "finished" | "cancelled"): Promise<void> {
  await tx.run(sql`delete from hit_crowds`);
  await tx.run(sql`update hit_reviews set state = ${state}, finished_at = now() where id = ${id}`);
}

/** How far through its work a run is, from 0 to 1. Searching for crowds is by far the smaller part. */
export function progressOf({ state, phase, afterDelivery, lastDelivery }: Review): number {
  if (state === "finished") return 1;
  if (phase === "crowds") return 0;
  const last = Number(lastDelivery);
  return last === 0 ? 1 : Math.min(Number(afterDelivery) / last, 1);
}
