import { toId } from "#core/kernel/ids.ts";
import { type Definition, definitionSchema } from "#core/segments/condition.ts";
import { type Queries, type Sql, sql } from "../platform/index.ts";

/** A segment as stored. `id` is the row number. */
export type SegmentRecord = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly kind: "dynamic" | "static";
  readonly definition: Definition | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly archivedAt: Date | null;
};

type Row = Omit<SegmentRecord, "definition"> & { readonly definition: unknown };

const columns = sql`
  id, name, description, kind, definition, created_at as "createdAt", updated_at as "updatedAt", archived_at as "archivedAt"`;

/** A definition is parsed again on the way out: an old one that no longer fits the schema must not reach a compiler. */
function recordOf(row: Row): SegmentRecord {
  return { ...row, definition: row.definition === null ? null : definitionSchema.parse(row.definition) };
}

export async function findSegment(db: Queries, id: string): Promise<SegmentRecord | undefined> {
  const row = await db.first<Row>(sql`select ${columns} from segments where id = ${id}`);
  return row && recordOf(row);
}

export async function findSegments(db: Queries, ids: readonly string[]): Promise<SegmentRecord[]> {
  const rows = await db.rows<Row>(sql`select ${columns} from segments where id = any(${ids}::bigint[])`);
  return rows.map(recordOf);
}

export type SegmentFilter = {
  readonly search?: string | undefined;
  readonly kind?: "dynamic" | "static" | undefined;
  readonly archived: boolean;
  readonly after: { readonly name: string; readonly id: string } | undefined;
  readonly limit: number;
};

/** One row more than the limit, so that the caller knows whether there is another page. */
export async function listSegments(
  db: Queries,
  { search = "", kind, archived, after, limit }: SegmentFilter,
): Promise<SegmentRecord[]> {
  const rows = await db.rows<Row>(sql`
    select ${columns} from segments
    where (archived_at is not null) = ${archived}
      and (${kind ?? null}::text is null or kind = ${kind ?? null})
      and strpos(lower(name || ' ' || description), lower(${search})) > 0
      and (${after?.id ?? null}::bigint is null or (lower(name), id) > (lower(${after?.name ?? ""}), ${after?.id ?? null}::bigint))
    order by lower(name), id limit ${limit + 1}`);
  return rows.map(recordOf);
}

export type NewSegment = {
  readonly name: string;
  readonly description: string;
  readonly definition: Definition | null;
  readonly createdBy: string | null;
};

export async function insertSegment(tx: Queries, segment: NewSegment, now: Date): Promise<string> {
  const { name, description, definition, createdBy } = segment;
  const [row] = await tx.rows<{ id: string }>(sql`
    insert into segments (name, description, kind, definition, created_by, created_at, updated_at)
    values (${name}, ${description}, ${definition === null ? "static" : "dynamic"}, ${definition && JSON.stringify(definition)},
            ${createdBy}, ${now}, ${now})
    returning id`);
  return row?.id ?? "";
}

export async function updateSegment(
  tx: Queries,
  id: string,
  { name, description, definition }: Omit<NewSegment, "createdBy">,
  now: Date,
): Promise<void> {
  await tx.run(sql`
    update segments set name = ${name}, description = ${description},
      definition = ${definition && JSON.stringify(definition)}, updated_at = ${now}
    where id = ${id}`);
}

export async function setArchived(tx: Queries, id: string, archivedAt: Date | null): Promise<void> {
  await tx.run(sql`update segments set archived_at = ${archivedAt} where id = ${id}`);
}

/** True if another segment that is not archived has this name; rules refer to segments by name. */
export async function isNameTaken(db: Queries, name: string, exceptId: string | null): Promise<boolean> {
  const row = await db.first(sql`
    select 1 from segments
    where lower(name) = lower(${name}) and archived_at is null and id is distinct from ${exceptId}::bigint`);
  return row !== undefined;
}

/** Those of some keys that custom attributes have. */
export async function findAttributeKeys(db: Queries, keys: readonly string[]): Promise<string[]> {
  const rows = await db.rows<{ key: string }>(
    sql`select key from attribute_definitions where key = any(${keys})`,
  );
  return rows.map(({ key }) => key);
}

/** Changes of segments wait for each other, so that no two of them make a circle or take the same name together. */
export async function lockSegments(tx: Queries): Promise<void> {
  await tx.rows(sql`select pg_advisory_xact_lock(hashtextextended('segments.change', 0))`);
}

/** A contact as lists of members show it. */
export type MemberRow = {
  readonly id: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly city: string | null;
  readonly country: string | null;
};

/** Contacts that fulfil a condition over `contacts`, in the order of their ids, after one of them. */
export async function listMembers(
  db: Queries,
  condition: Sql,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<MemberRow[]> {
  return db.rows<MemberRow>(sql`
    select id, email, first_name as "firstName", last_name as "lastName", city, country from contacts
    where id > ${after} and (${condition}) order by id limit ${limit}`);
}

export async function countMembers(db: Queries, condition: Sql): Promise<number> {
  const row = await db.first<{ total: string }>(
    sql`select count(*) as total from contacts where ${condition}`,
  );
  return Number(row?.total ?? 0);
}

/** Finds a contact by row number or by the key of its address. */
export async function findMember(
  db: Queries,
  by: { readonly id: string } | { readonly addressKey: string },
): Promise<MemberRow | undefined> {
  const where = "id" in by ? sql`id = ${by.id}` : sql`email_key = ${by.addressKey}`;
  return db.first<MemberRow>(sql`
    select id, email, first_name as "firstName", last_name as "lastName", city, country from contacts where ${where}`);
}

/** The row numbers of contacts by the keys of their addresses. */
export function findByAddressKeys(db: Queries, keys: readonly string[]) {
  return db.rows<{ id: string; key: string }>(sql`
    select id, email_key as key from contacts where email_key = any(${keys})`);
}

/** Adds contacts that exist; says how many were no members before. */
export function addMembers(tx: Queries, segmentId: string, contactIds: readonly string[], now: Date) {
  return tx.run(sql`
    insert into segment_members (segment_id, contact_id, added_at)
    select ${segmentId}, id, ${now} from contacts where id = any(${contactIds}::bigint[])
    on conflict do nothing`);
}

export function removeMembers(tx: Queries, segmentId: string, contactIds: readonly string[]) {
  return tx.run(sql`
    delete from segment_members where segment_id = ${segmentId} and contact_id = any(${contactIds}::bigint[])`);
}

/** Makes everybody who fulfils a condition a member, in one statement. */
export function addAllMatching(tx: Queries, segmentId: string, condition: Sql, now: Date) {
  return tx.run(sql`
    insert into segment_members (segment_id, contact_id, added_at)
    select ${segmentId}, contacts.id, ${now} from contacts where ${condition}`);
}

/** Ids of dynamic segments and the definitions of them, for looking who names whom. */
export async function listDefinitions(db: Queries): Promise<SegmentRecord[]> {
  const rows = await db.rows<Row>(sql`
    select ${columns} from segments where kind = 'dynamic' and archived_at is null order by lower(name), id`);
  return rows.map(recordOf);
}

export type UsingJourney = {
  readonly id: string;
  readonly name: string;
  readonly state: "draft" | "live" | "paused" | "stopped" | "completed";
};

/** Journeys whose draft or live version names a segment anywhere: as a start, in a condition, in the settings. */
export async function listUsingJourneys(db: Queries, segmentId: string): Promise<UsingJourney[]> {
  const vars = JSON.stringify({ id: toId("segment", segmentId) });
  return db.rows<UsingJourney>(sql`
    select journeys.id, name, state from journeys
    left join journey_versions live on live.id = live_version_id
    where archived_at is null and jsonb_path_exists(
      jsonb_build_array(journeys.graph, journeys.settings, live.graph, live.settings), '$.** ? (@ == $id)', ${vars}::jsonb)
    order by lower(name), journeys.id`);
}
