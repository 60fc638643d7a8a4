import { systemActor } from "#core/access/actor.ts";
import { bounceTable } from "#core/delivery/bounce-categories.ts";
import { judgeBreakers, type WindowCounts, windowSize } from "#core/delivery/breakers.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import {
  type Database,
  type Log,
  loadStatement,
  type Queries,
  sql,
  type Transaction,
} from "../platform/index.ts";
import { tellOfHalt } from "./halts.ts";
import { getBreakerLimits } from "./sending-policy.ts";

type Row = {
  mailing_id: string;
  tried: number;
  alarm: string;
  hard_bounces: number;
  policy_refusals: number;
  unmade: number;
  complaints: number;
  in_doubt: number;
};

const windows = loadStatement(import.meta.url, "./queries/breaker-windows.sql");
const ofKind = (wanted: "hard" | "block") =>
  bounceTable.filter(({ kind }) => kind === wanted).map(({ id }) => id);

/**
 * [D30] Looks at every running mailing and pauses those that do more harm than good. All senders call it; one at a time does it. Returns how many
 * were paused.
 */
export async function tripBreakers(db: Database, log: Log): Promise<number> {
  return db.transaction(async (tx) => {
    const turn = await tx.first<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtext('delivery-breakers')) as mine`,
    );
    if (!turn?.mine) return 0;
    const limits = await getBreakerLimits(tx);
    let tripped = 0;
    for (const row of await tx.named<Row>(windows, [ofKind("hard"), ofKind("block")])) {
      const verdict = judgeBreakers(countsOf(row), limits);
      if (verdict.kind === "trip") {
        await trip(tx, row.mailing_id, verdict.breaker, verdict.reason);
        log.warn({ mailing: row.mailing_id, reason: verdict.reason }, "a breaker paused a mailing");
        tripped++;
        continue;
      }
      const alarm = verdict.kind === "alarm" ? verdict.reason : "";
      if (row.tried >= windowSize) await armBreakers(tx, row.mailing_id);
      else if (alarm !== row.alarm) await keepAlarm(tx, row.mailing_id, alarm);
    }
    return tripped;
  });
}

function countsOf(row: Row): WindowCounts {
  return {
    tried: row.tried,
    hardBounces: row.hard_bounces,
    policyRefusals: row.policy_refusals,
    unmade: row.unmade,
    complaints: row.complaints,
    inDoubt: row.in_doubt,
  };
}

async function trip(tx: Transaction, mailingId: string, breaker: string, reason: string): Promise<void> {
  await tx.run(sql`
    update mailings set state = 'paused', pause_reason = ${reason}, is_tripped = true where id = ${mailingId} and state = 'running'`);
  await audit(tx, systemActor("Breaker"), {
    action: "mailing.paused",
    subjectKind: "mailing",
    subjectId: toId("mailing", mailingId),
    details: { breaker, reason },
  });
  await tellOfHalt(tx);
}

/** Begins a new window: what happened until now is not counted any more. */
export async function armBreakers(tx: Queries, mailingId: string): Promise<void> {
  await tx.run(sql`
    insert into mailing_breakers (mailing_id, since, tried)
    select ${mailingId}::bigint, clock_timestamp(), coalesce(sum(total), 0) from mailing_totals
    where mailing_id = ${mailingId} and outcome in ('accepted', 'refused', 'given-up', 'in-doubt')
    on conflict (mailing_id) do update set since = excluded.since, tried = excluded.tried, alarm = null`);
}

async function keepAlarm(tx: Queries, mailingId: string, alarm: string): Promise<void> {
  await tx.run(sql`
    insert into mailing_breakers (mailing_id, since, tried, alarm) values (${mailingId}, '-infinity', 0, nullif(${alarm}::text, ''))
    on conflict (mailing_id) do update set alarm = excluded.alarm`);
}
