import type { SuppressionCategory } from "#core/consent/may-send.ts";
import { joinSql, type Queries, type Sql, sql } from "../platform/index.ts";

export type Suppression = {
  readonly id: string;
  readonly addressKey: string;
  readonly category: SuppressionCategory;
  readonly reason: string;
  readonly source: string;
  readonly since: Date;
  readonly expiresAt: Date | null;
  readonly liftedAt: Date | null;
};

const suppressionColumns = sql`id, address_key as "addressKey", category, reason, source, since, expires_at as "expiresAt", lifted_at as "liftedAt"`;
const isActive = sql`lifted_at is null and (expires_at is null or expires_at > now())`;

/** What stops mail to an address now. */
export async function activeSuppressions(db: Queries, addressKey: string): Promise<Suppression[]> {
  return db.rows(
    sql`select ${suppressionColumns} from suppressions where address_key = ${addressKey} and ${isActive} order by id desc`,
  );
}

/** Escapes a text that is to be found as the beginning of another by `like`. */
function beginningWith(text: string): string {
  return `${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
}

/** Newest first; `before` is the row number to go on from. */
export async function listSuppressions(
  db: Queries,
  filter: { search?: string | undefined; category?: string | undefined; state: "active" | "ended" | "all" },
  page: { before: string | undefined; limit: number },
): Promise<Suppression[]> {
  const conditions: Sql[] = [];
  if (page.before !== undefined) conditions.push(sql`id < ${page.before}`);
  if (filter.search) conditions.push(sql`address_key like ${beginningWith(filter.search)}`);
  if (filter.category !== undefined) conditions.push(sql`category = ${filter.category}`);
  if (filter.state === "active") conditions.push(isActive);
  if (filter.state === "ended") conditions.push(sql`not (${isActive})`);
  return db.rows(sql`
    select ${suppressionColumns} from suppressions
    where ${joinSql(conditions, " and ", sql`true`)} order by id desc limit ${page.limit + 1}`);
}

/** Ends an active suppression; undefined if there is none. */
export async function liftSuppression(tx: Queries, id: string): Promise<Suppression | undefined> {
  return tx.first(sql`
    update suppressions set lifted_at = now() where id = ${id} and ${isActive} returning ${suppressionColumns}`);
}

export type TopicStanding = {
  readonly topicId: string;
  readonly name: string;
  readonly state: "granted" | "withdrawn" | "none";
  readonly since: Date | null;
};

/** Where an address stands with every topic in use, and when it refused all commercial mail, if it did. */
export async function standingOf(
  db: Queries,
  addressKey: string,
): Promise<{ optedOutAt: Date | null; topics: TopicStanding[] }> {
  const topics = await db.rows<TopicStanding>(sql`
    select topics.id as "topicId", name, since,
      case when granted then 'granted' when granted is false then 'withdrawn' else 'none' end as state
    from topics left join consents on consents.topic_id = topics.id and address_key = ${addressKey}
    where archived_at is null order by position, topics.id`);
  const all = await db.first<{ since: Date }>(
    sql`select since from consents where address_key = ${addressKey} and topic_id = 0 and not granted`,
  );
  return { optedOutAt: all?.since ?? null, topics };
}

export type ConsentEventRow = {
  readonly id: string;
  readonly at: Date;
  readonly topicId: string | null;
  readonly topicName: string | null;
  readonly kind: "granted" | "withdrawn";
  readonly source: string;
  readonly wording: string | null;
  readonly actor: string | null;
  readonly ip: string | null;
};

/** The ledger of an address, newest first. */
export async function listConsentEvents(
  db: Queries,
  addressKey: string,
  page: { before: string | undefined; limit: number },
): Promise<ConsentEventRow[]> {
  return db.rows(sql`
    select events.id, at, topic_id as "topicId", topics.name as "topicName", kind, source, wording, actor, ip
    from consent_events events left join topics on topics.id = topic_id
    where address_key = ${addressKey} and (${page.before ?? null}::bigint is null or events.id < ${page.before ?? null}::bigint)
    order by events.id desc limit ${page.limit + 1}`);
}

/** Whether commercial mail needs an opt-in for its topic [C13]. */
export async function requiresOptIn(db: Queries): Promise<boolean> {
  const row = await db.first<{ requireOptIn: boolean }>(
    sql`select (value ->> 'requireOptIn')::boolean as "requireOptIn" from settings where key = 'consent'`,
  );
  return row?.requireOptIn ?? true;
}

export async function setRequiresOptIn(tx: Queries, requireOptIn: boolean): Promise<void> {
  await tx.run(sql`
    insert into settings (key, value) values ('consent', ${{ requireOptIn }})
    on conflict (key) do update set value = excluded.value, updated_at = now()`);
}
