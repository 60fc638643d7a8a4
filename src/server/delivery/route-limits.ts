import { dayLimit } from "#core/delivery/warm-up.ts";
import { grantOf, type RouteRest } from "#core/senders/route-limits.ts";
import { type Database, type Queries, sql } from "../platform/index.ts";
import type { Road } from "../senders/index.ts";

export type Leave = {
  readonly granted: number;
  readonly rest: RouteRest | null;
  /** How long the rest takes, by the database's clock. */
  readonly restMilliseconds: number;
};

const isLimited = ({ messagesPerHour, messagesPerDay, warmUp }: Road) =>
  messagesPerHour !== null || messagesPerDay !== null || warmUp !== null;

/**
 * [D23], [D24] Reserves places in what may leave by a route in an hour and a day. Counted in the database under a lock of the route's
 * own, so that it holds for all senders together and over restarts. Costs nothing for a route without limits.
 */
export async function reserveLeave(
  db: Database,
  road: Road,
  wanted: number,
  isTransactional: boolean,
): Promise<Leave> {
  if (!isLimited(road)) return { granted: wanted, rest: null, restMilliseconds: 0 };
  return db.transaction(async (tx) => {
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended('route-usage', ${road.id}::bigint))`);
    const [{ now } = { now: new Date(0) }] = await tx.rows<{ now: Date }>(
      sql`select clock_timestamp() as now`,
    );
    const used = await tx.rows<{ minute: Date; sent: number }>(sql`
      select minute, sent from route_usage where route_id = ${road.id} and minute > ${now}::timestamptz - interval '25 hours'`);
    const leave = grantOf(
      { perHour: road.messagesPerHour, perDay: dayLimit(road.messagesPerDay, road.warmUp, now.getTime()) },
      used.map(({ minute, sent }) => ({ minute: minute.getTime(), sent })),
      now.getTime(),
      wanted,
      isTransactional,
    );
    if (leave.granted > 0) {
      await tx.run(sql`
        insert into route_usage as usage (route_id, minute, sent)
        values (${road.id}, date_trunc('minute', ${now}::timestamptz), ${leave.granted})
        on conflict (route_id, minute) do update set sent = usage.sent + excluded.sent`);
      await tx.run(sql`
        delete from route_usage where route_id = ${road.id} and minute < ${now}::timestamptz - interval '25 hours'`);
    }
    return { ...leave, restMilliseconds: leave.rest ? leave.rest.until - now.getTime() : 0 };
  });
}

/** [D23] Gives back what was reserved and did not leave: skipped, or untouched because the road broke. */
export async function returnLeave(db: Queries, road: Road, unused: number): Promise<void> {
  if (!isLimited(road) || unused === 0) return;
  await db.run(sql`
    update route_usage set sent = greatest(0, sent - ${unused})
    where route_id = ${road.id} and minute = (
      select max(minute) from route_usage where route_id = ${road.id} and sent >= ${unused})`);
}
