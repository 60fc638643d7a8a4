import { type Queries, sql } from "#server/platform/index.ts";
import { tellOfHalt } from "./halts.ts";
import { holdLate } from "./hold-late.ts";

/**
 * Pauses, resumes or cancels all mailings of a journey version, in the caller's transaction; senders look at the state
 * before each batch. Resuming only wakes what was paused for this very reason, so that a pause by a person or a
 * breaker stays, and holds what would leave late now [D72]. What is cancelled stays cancelled.
 */
export async function setMailingsOfJourney(
  tx: Queries,
  journeyVersionId: string,
  change: "pause" | "resume" | "cancel",
): Promise<void> {
  const reason = "journey-paused";
  await tellOfHalt(tx);
  switch (change) {
    case "pause":
      await tx.run(sql`update mailings set state = 'paused', pause_reason = ${reason}
        where journey_version_id = ${journeyVersionId} and state = 'running'`);
      return;
    case "resume":
      await holdLate(tx, { pausedMailings: await pausedWith(tx, journeyVersionId, reason) });
      await tx.run(sql`update mailings set state = 'running', pause_reason = null
        where journey_version_id = ${journeyVersionId} and state = 'paused' and pause_reason = ${reason}`);
      return;
    case "cancel":
      await tx.run(sql`update mailings set state = 'cancelled', pause_reason = null
        where journey_version_id = ${journeyVersionId} and state <> 'cancelled'`);
  }
}

async function pausedWith(tx: Queries, journeyVersionId: string, reason: string): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select id from mailings
    where journey_version_id = ${journeyVersionId} and state = 'paused' and pause_reason = ${reason}`);
  return rows.map(({ id }) => id);
}

/** How many deliveries of a journey version have no outcome yet. */
export async function countQueuedOfJourney(queries: Queries, journeyVersionId: string): Promise<number> {
  const row = await queries.first<{ queued: number }>(sql`
    select coalesce(sum(case when outcome = 'queued' then total else -total end), 0)::float8 as queued
    from mailings join mailing_totals on mailing_totals.mailing_id = mailings.id
    where journey_version_id = ${journeyVersionId}`);
  return row?.queued ?? 0;
}
