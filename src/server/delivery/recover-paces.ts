import { earlier, recoversAt } from "#core/delivery/receiver-pace.ts";
import { type Database, sql, type Transaction } from "../platform/index.ts";
import { release } from "./domain-paces.ts";
import { limitOf, type SlowedPace, slowdownOf } from "./hear-receivers.ts";

/** How far ahead those that wait are called up; senders look more often than that. */
const aheadMilliseconds = 4000;

type Slowed = SlowedPace & {
  readonly name: string;
  readonly is_temporary: boolean;
  /** How many wait whose time has come, and whether others wait for theirs. */
  readonly due: number;
  readonly has_later: boolean | null;
  readonly now: Date;
};

/**
 * [D111] Lets slowed paces grow for those that wait already: they got their times while it was slow, so as many as may leave by now are
 * called up early. A pace that is whole again and has nobody left to call up is an ordinary one, a temporary one ends. Without a
 * slow-down it is one look at a small table.
 */
export async function recoverPaces(db: Database): Promise<void> {
  const isSlow = await db.first(sql`select from domain_paces where slowed_at is not null limit 1`);
  if (isSlow) await db.transaction(growPaces);
}

async function growPaces(tx: Transaction): Promise<void> {
  const paces = await tx.rows<Slowed>(sql`
    select name, messages, per_seconds, slowed_to, slowed_at, is_temporary, clock_timestamp() as now,
      (select count(*)::int from (
        select from delivery_retries where pace = name and next_at <= now() limit 10000) due) as due,
      (select max(next_at) from delivery_retries where pace = name) > now() + interval '5 seconds' as has_later
    from domain_paces where slowed_at is not null order by name for update skip locked`);
  const calls: { name: string; wanted: number }[] = [];
  const over: string[] = [];
  for (const pace of paces) {
    const slowdown = slowdownOf(pace);
    if (!slowdown) continue;
    const now = pace.now.getTime();
    const limit = limitOf(pace);
    const isWhole = recoversAt(limit, slowdown) <= now;
    if (isWhole && (pace.is_temporary || !pace.has_later)) over.push(pace.name);
    else
      calls.push({
        name: pace.name,
        wanted: earlier(limit, slowdown, now, now + aheadMilliseconds) - pace.due,
      });
  }
  if (over.length > 0) {
    const gone = await tx.rows<{ name: string }>(sql`
      delete from domain_paces where is_temporary and name = any(${over}::text[]) returning name`);
    await tx.run(sql`
      update domain_paces set slowed_to = null, slowed_at = null, slowed_by = null where name = any(${over}::text[])`);
    await release(
      tx,
      gone.map(({ name }) => name),
    );
  }
  const wanted = calls.filter((call) => call.wanted > 0);
  if (wanted.length > 0)
    await tx.run(sql`
      update delivery_retries set next_at = clock_timestamp()
      where delivery_id = any(array(
        select early.delivery_id
        from unnest(${wanted.map(({ name }) => name)}::text[], ${wanted.map((call) => call.wanted)}::int[]) as called(name, wanted)
          cross join lateral (
            select delivery_id from delivery_retries
            where pace = called.name and next_at > now() and lease_owner is null
            order by next_at limit called.wanted for update skip locked) early))`);
}
