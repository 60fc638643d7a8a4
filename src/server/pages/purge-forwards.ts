import { type Platform, type Queries, repeatJob, sql } from "../platform/index.ts";

export const keepForwardDays = 30;

/**
 * [PG10] Forgets friends' addresses and names after 30 days, wherever they were written for sending. What stays is the
 * keyed hash. Returns how many friends were forgotten.
 */
export async function purgeForwards(db: Queries): Promise<number> {
  const row = await db.first<{ count: number }>(sql`
    with old as (
      update forwards set address = null, friend_name = null
      where address is not null and at < now() - make_interval(days => ${keepForwardDays})
      returning delivery_id, mailing_id, id
    ), chunks as (
      update delivery_chunks chunk
      set recipients = (select jsonb_agg(jsonb_build_object('address', '', 'name', null)) from generate_series(1, chunk.size))
      where chunk.id in (select delivery_id / 1024 from old)
    ), logs as (
      update delivery_log log set address = '', reply = null
      from old where log.mailing_id = old.mailing_id and log.contact_id = 0 and log.visit_id = old.id
    ), snapshots as (
      delete from delivery_snapshots where chunk_id in (select delivery_id / 1024 from old)
    )
    select count(*)::integer as count from old`);
  return row?.count ?? 0;
}

const daySeconds = 86_400;

/** Purges every day. */
export const definePurge = (platform: Pick<Platform, "db" | "jobs">) =>
  repeatJob(platform, "pages.purge-forwards", daySeconds, () => purgeForwards(platform.db));
