import type { BreakdownRow, breakdowns } from "#contract/insights.ts";
import { noCounts } from "#core/insights/counts.ts";
import { type IdKind, toId } from "#core/kernel/ids.ts";
import { type Queries, type Sql, sql } from "../platform/index.ts";
import { countMail } from "./count-mail.ts";
import { inScope, type Scope } from "./scope.ts";

export type Breakdown = (typeof breakdowns)[number];

const keys: Record<Breakdown, { readonly key: Sql; readonly name: Sql; readonly idKind: IdKind }> = {
  journey: { key: sql`mailing.journey_id`, name: sql`journey.name`, idKind: "journey" },
  message: { key: sql`mailing.message_id`, name: sql`message.name`, idKind: "message" },
  version: {
    key: sql`mailing.message_version_id`,
    name: sql`message.name || ', version ' || version.number`,
    idKind: "messageVersion",
  },
  template: { key: sql`message.template_id`, name: sql`template.name`, idKind: "template" },
  mailing: {
    key: sql`mailing.id`,
    name: sql`message.name || coalesce(' in ' || journey.name, '')`,
    idKind: "mailing",
  },
};

const sources = sql`
  mailings mailing
  join messages message on message.id = mailing.message_id
  join message_versions version on version.id = mailing.message_version_id
  left join journeys journey on journey.id = mailing.journey_id
  left join templates template on template.id = message.template_id`;

export type BreakdownItem = {
  readonly key: string;
  /** As the database writes it, to the microsecond, so that a page goes on exactly where the last one ended. */
  readonly startedText: string;
  readonly row: BreakdownRow;
};

/** The things of one kind that mail was sent by, the latest first, with the counts of each. */
export async function breakDown(
  db: Queries,
  given: {
    readonly by: Breakdown;
    readonly scope: Scope;
    readonly search: string;
    readonly after: readonly [string, string] | undefined;
    readonly limit: number;
  },
): Promise<BreakdownItem[]> {
  const { key, name, idKind } = keys[given.by];
  const { after, search } = given;
  type Row = { key: string; name: string; startedText: string; startedAt: Date };
  const rows = await db.rows<Row>(sql`
    select ${key} as key, ${name} as name, min(mailing.created_at)::text as "startedText",
           min(mailing.created_at) as "startedAt"
    from ${sources}
    where mailing.kind in ('journey', 'transactional') and ${key} is not null and ${inScope(given.scope)}
      and (${search} = '' or strpos(lower(${name}), lower(${search})) > 0)
    group by 1, 2
    having ${after ? sql`(min(mailing.created_at), ${key}) < (${after[0]}::timestamptz, ${after[1]}::bigint)` : sql`true`}
    order by min(mailing.created_at) desc, 1 desc limit ${given.limit}`);
  const shown = rows.map((row) => row.key);
  const counts = await countMail(
    db,
    sql`select ${key} as key, mailing.id as mailing_id from ${sources}
        where mailing.kind in ('journey', 'transactional') and ${inScope(given.scope)} and ${key} = any(${shown}::bigint[])`,
  );
  return rows.map((row) => ({
    key: row.key,
    startedText: row.startedText,
    row: {
      id: toId(idKind, row.key),
      name: row.name,
      startedAt: row.startedAt.toISOString(),
      counts: counts.get(row.key) ?? noCounts,
    },
  }));
}
