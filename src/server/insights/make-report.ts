import type { z } from "zod";
import type { LinkNumbers, Reason, Report } from "#contract/insights.ts";
import { noCounts } from "#core/insights/counts.ts";
import { toId } from "#core/kernel/ids.ts";
import { type Platform, type Queries, sql } from "../platform/index.ts";
import { countMail, countMailIn, type Period } from "./count-mail.ts";
import { forwardMailingsOf, mailingsOf, type Scope } from "./scope.ts";

/** Gathers every number of a scope. Each comes from kept totals, or from an index that holds only what it counts. */
export async function makeReport(
  { db, clock }: Pick<Platform, "db" | "clock">,
  scope: Scope,
  period: Period | undefined,
): Promise<Omit<Report, "name">> {
  const keyed = sql`select 'all'::text as key, id as mailing_id from (${mailingsOf(scope)}) own`;
  const copied = sql`select 'all'::text as key, id as mailing_id from (${forwardMailingsOf(scope)}) copies`;
  const [counts, copies, reasons, links] = await Promise.all([
    period ? countMailIn(db, keyed, period) : countMail(db, keyed),
    period ? countMailIn(db, copied, period) : countMail(db, copied),
    listReasons(db, scope, period),
    scope.kind === "all" ? [] : listLinks(db, scope),
  ]);
  return {
    asOf: clock.now().toISOString(),
    counts: counts.get("all") ?? noCounts,
    reasons,
    links,
    forwardedCopies: copies.get("all") ?? noCounts,
  };
}

async function listReasons(
  db: Queries,
  scope: Scope,
  period: Period | undefined,
): Promise<z.infer<typeof Reason>[]> {
  const within = period ? sql`and at >= ${period.from} and at < ${period.to}` : sql``;
  return db.rows<z.infer<typeof Reason>>(sql`
    with own as (${mailingsOf(scope)})
    select outcome, coalesce(nullif(reason, ''), 'unknown') as reason, count(*)::integer as count
    from delivery_log where mailing_id in (select id from own) and outcome <> 'accepted' ${within}
    group by 1, 2
    union all
    select 'bounced-later', category, count(distinct delivery_id)::integer
    from bounces where mailing_id in (select id from own) ${within} group by category
    order by count desc, outcome, reason`);
}

async function listLinks(db: Queries, scope: Scope): Promise<z.infer<typeof LinkNumbers>[]> {
  type Row = {
    versionId: string;
    versionNumber: number;
    number: number;
    url: string | null;
    repairedUrl: string | null;
    label: string;
    place: string;
    humanFirst: string;
    humanAll: string;
    machineFirst: string;
    machineAll: string;
  };
  const rows = await db.rows<Row>(sql`
    with own as (${mailingsOf(scope)}),
    clicks as (
      select mailing.message_version_id, total.link_number, total.agent,
             sum(total.total) as total, sum(total.firsts) as firsts
      from interaction_totals total join mailings mailing on mailing.id = total.mailing_id
      where total.mailing_id in (select id from own) and total.kind = 'click' and total.link_number > 0
      group by 1, 2, 3
    )
    select version.id as "versionId", version.number as "versionNumber", link.number, link.url, link.label, link.place,
           (select to_url from link_repairs repair
            where repair.version_id = version.id and repair.link_number = link.number
            order by repair.id desc limit 1) as "repairedUrl",
           coalesce(sum(firsts) filter (where agent = 'human'), 0) as "humanFirst",
           coalesce(sum(total) filter (where agent = 'human'), 0) as "humanAll",
           coalesce(sum(firsts) filter (where agent = 'machine'), 0) as "machineFirst",
           coalesce(sum(total) filter (where agent = 'machine'), 0) as "machineAll"
    from message_versions version
    cross join lateral jsonb_to_recordset(version.links) link(number integer, url text, label text, place text)
    left join clicks on clicks.message_version_id = version.id and clicks.link_number = link.number
    where version.id in (select message_version_id from mailings where id in (select id from own))
    group by version.id, version.number, link.number, link.url, link.label, link.place
    order by version.number desc, link.number`);
  return rows.map((row) => ({
    versionId: toId("messageVersion", row.versionId),
    versionNumber: row.versionNumber,
    number: row.number,
    url: row.url,
    repairedUrl: row.repairedUrl,
    label: row.label ?? "",
    place: row.place ?? "",
    clicks: {
      humanFirst: Number(row.humanFirst),
      humanAll: Number(row.humanAll),
      machineFirst: Number(row.machineFirst),
      machineAll: Number(row.machineAll),
    },
  }));
}
