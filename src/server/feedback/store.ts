import { type Queries, sql, type Transaction } from "../platform/index.ts";
import type { FeedbackEvent } from "./record-feedback.ts";

/** The delivery that a report is about. Row ids are decimal strings. */
export type Subject = {
  readonly deliveryId: string;
  readonly mailingId: string;
  readonly contactId: string;
  /** What it was sent to; null once that is forgotten. */
  readonly address: string | null;
  /** It was handed over: accepted, or about to be written down as that. */
  readonly isLate: boolean;
};

const keptSourceBytes = 64 * 1024;
const keptSourcesOfDelivery = 5;
const keptSourcesOfNobody = 500;
const shortText = 500;
const sourcesOf = (deliveryId: string) => sql`
  (select count(*) from feedback other where other.delivery_id = ${deliveryId}::bigint and other.source is not null)
  < ${keptSourcesOfDelivery}`;
const strangeSources = sql`
  (select count(*) from feedback other where other.delivery_id is null and other.source is not null) < ${keptSourcesOfNobody}`;
const clean = (text: string, length: number) => text.replaceAll("\0", "").toWellFormed().slice(0, length);

/**
 * Keeps reports that are new. The source stays only of what nobody understood, and of a few for each
 * delivery, so that whoever has one address cannot fill the disk.
 */
export async function keepReports<Event extends FeedbackEvent>(
  tx: Transaction,
  events: readonly Event[],
): Promise<readonly Event[]> {
  const fresh: Event[] = [];
  for (const event of events) {
    const { key, way, deliveryId = null, meaning, sender, subject } = event;
    const source = meaning.kind === "not-understood" ? event.source.subarray(0, keptSourceBytes) : null;
    const added = await tx.run(sql`
      insert into feedback (key, way, kind, delivery_id, category, diagnostic, sender, subject, source)
      select ${key}, ${way}, ${meaning.kind}, ${deliveryId}::bigint, ${meaning.kind === "bounce" ? meaning.category : null},
             ${clean(meaning.diagnostic, 2000)}, ${clean(sender, shortText)}, ${clean(subject, shortText)},
             case when ${deliveryId === null ? strangeSources : sourcesOf(deliveryId)} then ${source}::bytea end
      on conflict (key) do nothing`);
    if (added > 0) fresh.push(event);
  }
  return fresh;
}

/** Two reports about one delivery at once: the second must see what the first did. In one order, so that none waits in a circle. */
export async function lockDeliveries(tx: Transaction, deliveryIds: readonly string[]): Promise<void> {
  const ordered = [...new Set(deliveryIds)].sort();
  for (const id of ordered)
    await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`feedback/${id}`}, 0))`);
}

/** The deliveries of reports by id; those that do not exist are missing. */
export async function findSubjects(
  tx: Queries,
  deliveryIds: readonly string[],
): Promise<ReadonlyMap<string, Subject>> {
  const rows = await tx.rows<Subject>(sql`
    select wanted.id as "deliveryId", chunk.mailing_id as "mailingId", chunk.contact_ids[place + 1] as "contactId",
           coalesce(nullif(log.address, ''), nullif(chunk.recipients -> place ->> 'address', ''), person.email) as address,
           coalesce(log.outcome in ('accepted', 'in-doubt'), true) as "isLate"
    from (select distinct id, (id % 1024)::integer as place from unnest(${[...deliveryIds]}::bigint[]) id) wanted
    join delivery_chunks chunk on chunk.id = wanted.id / 1024 and wanted.place < chunk.size
    left join contacts person on person.id = chunk.contact_ids[place + 1]
    left join delivery_log log
      on log.mailing_id = chunk.mailing_id and log.contact_id = chunk.contact_ids[place + 1]
     and log.visit_id = chunk.visit_ids[place + 1]`);
  return new Map(rows.map((row) => [row.deliveryId, row]));
}

type LateBounce = Subject & {
  readonly category: string;
  readonly isHard: boolean;
  readonly diagnostic: string;
};

/** Writes the first late bounce of each delivery; says which were the first. */
export async function addBounces(
  tx: Transaction,
  bounces: readonly LateBounce[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ delivery_id: string }>(sql`
    insert into bounces (delivery_id, mailing_id, contact_id, category, is_hard, diagnostic)
    select distinct on (delivery_id) delivery_id, mailing_id, contact_id, category, is_hard, diagnostic
    from unnest(
      ${bounces.map(({ deliveryId }) => deliveryId)}::bigint[], ${bounces.map(({ mailingId }) => mailingId)}::bigint[],
      ${bounces.map(({ contactId }) => contactId)}::bigint[], ${bounces.map(({ category }) => category)}::text[],
      ${bounces.map(({ isHard }) => isHard)}::boolean[], ${bounces.map(({ diagnostic }) => clean(diagnostic, 2000))}::text[])
      with ordinality given(delivery_id, mailing_id, contact_id, category, is_hard, diagnostic, place)
    where not exists (select from bounces known where known.delivery_id = given.delivery_id)
    order by delivery_id, place
    on conflict do nothing returning delivery_id`);
  return new Set(rows.map(({ delivery_id }) => delivery_id));
}

/** A report as the list shows it. */
export type ReportRow = {
  readonly id: string;
  readonly kind: FeedbackEvent["meaning"]["kind"];
  readonly way: string;
  readonly deliveryId: string | null;
  readonly category: string | null;
  readonly diagnostic: string;
  readonly sender: string;
  readonly subject: string;
  readonly hasSource: boolean;
  readonly at: Date;
};

/** Reports, newest first. */
export function listReports(
  db: Queries,
  {
    kind,
    way,
    before,
    limit,
  }: { kind: string | undefined; way: string | undefined; before: string | undefined; limit: number },
): Promise<ReportRow[]> {
  return db.rows<ReportRow>(sql`
    select id, kind, way, delivery_id as "deliveryId", category, diagnostic, sender, subject, source is not null as "hasSource", at
    from feedback
    where (${kind ?? null}::text is null or kind = ${kind ?? null})
      and (${way ?? null}::text is null or way = ${way ?? null}) and (${before ?? null}::bigint is null or id < ${before ?? null})
    order by id desc limit ${limit + 1}`);
}

/** The kept beginning of a report's source; undefined if there is none. */
export async function findSource(db: Queries, id: string): Promise<Buffer | undefined> {
  return (
    await db.first<{ source: Buffer }>(
      sql`select source from feedback where id = ${id} and source is not null`,
    )
  )?.source;
}

/** How many reports of each kind came within the last 30 days, and the last one of each. */
export function countReports(
  db: Queries,
): Promise<{ kind: ReportRow["kind"]; total: number; lastAt: Date }[]> {
  return db.rows(sql`
    select kind, count(*)::integer as total, max(at) as "lastAt" from feedback
    where at > now() - interval '30 days' group by kind order by kind`);
}

/** The domains of routes at which bounces are awaited. */
export async function bounceDomains(db: Queries): Promise<readonly string[]> {
  const rows = await db.rows<{ domain: string }>(sql`
    select distinct lower(bounce_domain) as domain from routes where bounce_domain is not null order by 1`);
  return rows.map(({ domain }) => domain);
}
