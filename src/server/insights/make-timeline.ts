import type { TimePoint } from "#contract/insights.ts";
import { type Queries, sql } from "../platform/index.ts";
import type { Period } from "./count-mail.ts";
import { mailingsOf, type Scope } from "./scope.ts";

export type TimelineRequest = {
  readonly scope: Scope;
  readonly step: "hour" | "day";
  /** IANA name: where days begin. */
  readonly timeZone: string;
  readonly period: Period | undefined;
};

/** The most points of a timeline; a longer life shows its last ones. */
const maxPoints = 744;

/**
 * Points in order of time, without those at which nothing happened. Counting a million accepted deliveries takes some
 * hundred milliseconds, so this is asked for less often than the counts.
 */
export async function makeTimeline(db: Queries, request: TimelineRequest): Promise<TimePoint[]> {
  const { scope, step, timeZone, period } = request;
  const within = period ? sql`and at >= ${period.from} and at < ${period.to}` : sql``;
  const hours = period
    ? sql`and hour >= date_trunc('hour', ${period.from}::timestamptz) and hour < ${period.to}`
    : sql``;
  type Row = Record<Exclude<keyof TimePoint, "at">, number> & { at: Date };
  const rows = await db.rows<Row>(sql`
    with own as (${mailingsOf(scope)}),
    happened as (
      -- By the hour first: cutting a million times to days of a zone costs more than counting them.
      select date_bin('1 hour', at, 'epoch') as hour, count(*) as accepted, 0 as opens, 0 as clicks, 0 as machine_opens,
             0 as machine_clicks, 0 as unsubscribes
      from delivery_log where mailing_id in (select id from own) and outcome = 'accepted' ${within} group by 1
      union all
      select hour, 0,
             coalesce(sum(firsts) filter (where kind = 'open' and agent = 'human'), 0),
             coalesce(sum(firsts) filter (where kind = 'click' and agent = 'human'), 0),
             coalesce(sum(firsts) filter (where kind = 'open' and agent = 'machine'), 0),
             coalesce(sum(firsts) filter (where kind = 'click' and agent = 'machine'), 0),
             coalesce(sum(firsts) filter (where kind = 'unsubscribe'), 0)
      from interaction_hours where mailing_id in (select id from own) ${hours} group by hour
    )
    select date_trunc(${step}, hour, ${timeZone}) as at, sum(accepted)::integer as accepted,
           sum(opens)::integer as opens, sum(clicks)::integer as clicks,
           sum(machine_opens)::integer as "machineOpens", sum(machine_clicks)::integer as "machineClicks",
           sum(unsubscribes)::integer as unsubscribes
    from happened group by 1 order by 1 desc limit ${maxPoints}`);
  return rows.reverse().map((row) => ({ ...row, at: row.at.toISOString() }));
}
