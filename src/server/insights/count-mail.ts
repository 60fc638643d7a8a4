import { type ByAgent, type Counts, noCounts } from "#core/insights/counts.ts";
import { type Queries, type Sql, sql } from "../platform/index.ts";

/** A period by when things happened. Interactions are kept by the hour, so both ends mean their hour. */
export type Period = { readonly from: Date; readonly to: Date };

type CountRow = {
  key: string;
  source: "outcome" | "done" | "bounced-later";
  name: string;
  agent: string;
  total: string;
  firsts: string;
};

/**
 * Counts for each key, from the kept totals; `keyed` is a select of (key, mailing_id). A few rows per mailing are read,
 * whatever the number of recipients.
 */
export async function countMail(db: Queries, keyed: Sql): Promise<ReadonlyMap<string, Counts>> {
  return foldCounts(
    await db.rows<CountRow>(sql`
      with keyed as (${keyed})
      select key::text, 'outcome' as source, outcome as name, '' as agent, sum(total)::text as total, '0' as firsts
      from keyed join mailing_totals using (mailing_id) group by key, outcome
      union all
      select key::text, 'done', kind, agent, sum(total)::text, sum(firsts)::text
      from keyed join interaction_totals using (mailing_id) where link_number = 0 group by key, kind, agent
      union all
      select key::text, 'bounced-later', '', '', count(distinct delivery_id)::text, '0'
      from keyed join bounces using (mailing_id) group by key`),
  );
}

/** The same for what happened in a period, from the log of deliveries and the hours of interactions. */
export async function countMailIn(
  db: Queries,
  keyed: Sql,
  { from, to }: Period,
): Promise<ReadonlyMap<string, Counts>> {
  return foldCounts(
    await db.rows<CountRow>(sql`
      with keyed as (${keyed}),
      outcomes as (
        select mailing_id, outcome, count(*) as total from delivery_log
        where at >= ${from} and at < ${to} group by mailing_id, outcome
      ),
      happened as (
        select key, outcome, sum(total) as total from keyed join outcomes using (mailing_id) group by key, outcome
      )
      select key::text, 'outcome' as source, outcome as name, '' as agent, total::text, '0' as firsts from happened
      union all
      select key::text, 'outcome', 'queued', '', sum(total)::text, '0' from happened group by key
      union all
      select key::text, 'done', kind, agent, sum(total)::text, sum(firsts)::text
      from keyed join interaction_hours using (mailing_id)
      where hour >= date_trunc('hour', ${from}::timestamptz) and hour < ${to} group by key, kind, agent
      union all
      select key::text, 'bounced-later', '', '', count(distinct delivery_id)::text, '0'
      from keyed join bounces using (mailing_id) where at >= ${from} and at < ${to} group by key`),
  );
}

function foldCounts(rows: readonly CountRow[]): ReadonlyMap<string, Counts> {
  const byKey = Map.groupBy(rows, ({ key }) => key);
  return new Map([...byKey].map(([key, own]) => [key, toCounts(own)]));
}

function toCounts(rows: readonly CountRow[]): Counts {
  const outcome = (name: string) =>
    Number(rows.find((row) => row.source === "outcome" && row.name === name)?.total ?? 0);
  const done = (kind: string, agent: string) =>
    rows.find((row) => row.source === "done" && row.name === kind && row.agent === agent);
  const byAgent = (kind: string): ByAgent => ({
    humanFirst: Number(done(kind, "human")?.firsts ?? 0),
    humanAll: Number(done(kind, "human")?.total ?? 0),
    machineFirst: Number(done(kind, "machine")?.firsts ?? 0),
    machineAll: Number(done(kind, "machine")?.total ?? 0),
  });
  const decided = {
    accepted: outcome("accepted"),
    refused: outcome("refused"),
    skipped: outcome("skipped"),
    givenUp: outcome("given-up"),
    inDoubt: outcome("in-doubt"),
  };
  const recipients = outcome("queued");
  const settled = Object.values(decided).reduce((sum, each) => sum + each, 0);
  return {
    ...noCounts,
    ...decided,
    recipients,
    waiting: Math.max(0, recipients - settled),
    bouncedLater: Number(rows.find(({ source }) => source === "bounced-later")?.total ?? 0),
    opens: byAgent("open"),
    clicks: byAgent("click"),
    forwards: Number(done("forward", "human")?.total ?? 0),
    unsubscribes: Number(done("unsubscribe", "human")?.firsts ?? 0),
    views: Number(done("view", "human")?.total ?? 0),
  };
}
