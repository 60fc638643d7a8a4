import { type Platform, sql } from "../platform/index.ts";

const keptDays = 90;
/** Longer than the time of a token is believed. */
const keptTokenDays = 2;
const batchSize = 5000;

/**
 * [D96] Forgets reports after 90 days, with all that is kept of what came, and tokens of webhooks that can open nothing any more. In
 * batches, so that nothing waits long for it. What followed from the reports stays. Returns how many reports were forgotten.
 */
export async function purgeReports({ db }: Pick<Platform, "db">): Promise<number> {
  const forgotten = await inBatches(() =>
    db.run(sql`
      delete from feedback where id in (
        select id from feedback where at < now() - make_interval(days => ${keptDays}) order by at limit ${batchSize})`),
  );
  await inBatches(() =>
    db.run(sql`
      delete from webhook_tokens where (webhook_id, token_hash) in (
        select webhook_id, token_hash from webhook_tokens
        where at < now() - make_interval(days => ${keptTokenDays}) order by at limit ${batchSize})`),
  );
  return forgotten;
}

async function inBatches(deleteSome: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await deleteSome();
    total += deleted;
    if (deleted < batchSize) return total;
  }
}
