import { fromId, toId } from "#core/kernel/ids.ts";
import type { MessageSource } from "#core/messages/message-source.ts";
import { joinSql, type Queries, type Sql, sql } from "#server/platform/index.ts";

/** A message with its editable draft. Ids are decimal row numbers. */
export type MessageRow = {
  readonly id: string;
  readonly name: string;
  readonly designation: "commercial" | "transactional";
  readonly topicId: string | null;
  readonly templateId: string | null;
  readonly subject: string;
  readonly preheader: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string;
  readonly html: string;
  readonly text: string | null;
  readonly trackOpens: boolean;
  readonly trackClicks: boolean;
  readonly revision: number;
  readonly liveVersionId: string | null;
  readonly liveNumber: number | null;
  readonly liveRevision: number | null;
  readonly livePublishedAt: Date | null;
  readonly wasLive: boolean;
  readonly stoppedAt: Date | null;
  readonly archivedAt: Date | null;
  readonly updatedAt: Date;
};

const columns = sql`
  m.id, m.name, m.designation, m.topic_id as "topicId", m.template_id as "templateId", m.subject, m.preheader,
  m.from_name as "fromName", m.from_address as "fromAddress", m.reply_to as "replyTo", m.html, m.text,
  m.track_opens as "trackOpens", m.track_clicks as "trackClicks", m.revision, m.live_version_id as "liveVersionId",
  v.number as "liveNumber", v.revision as "liveRevision", v.created_at as "livePublishedAt",
  exists (select 1 from message_versions w where w.message_id = m.id and w.number is not null) as "wasLive",
  m.stopped_at as "stoppedAt", m.archived_at as "archivedAt", m.updated_at as "updatedAt"`;
const tables = sql`messages m left join message_versions v on v.id = m.live_version_id`;

/** The life-cycle state that people see, from the facts in the row. */
export function stateOf(
  row: Pick<MessageRow, "archivedAt" | "liveVersionId" | "liveRevision" | "revision" | "stoppedAt">,
) {
  if (row.archivedAt) return "archived";
  if (row.liveVersionId) return row.liveRevision === row.revision ? "live" : "live-with-edits";
  return row.stoppedAt ? "stopped" : "draft";
}

const stateConditions: Record<ReturnType<typeof stateOf>, Sql> = {
  archived: sql`m.archived_at is not null`,
  live: sql`m.archived_at is null and v.revision = m.revision`,
  "live-with-edits": sql`m.archived_at is null and v.revision <> m.revision`,
  stopped: sql`m.archived_at is null and m.live_version_id is null and m.stopped_at is not null`,
  draft: sql`m.archived_at is null and m.live_version_id is null and m.stopped_at is null`,
};

/** Finds one message. `lock` holds it for the transaction. */
export async function findMessage(db: Queries, id: string, lock = false): Promise<MessageRow | undefined> {
  return db.first<MessageRow>(
    sql`select ${columns} from ${tables} where m.id = ${id} ${lock ? sql`for update of m` : sql``}`,
  );
}

/** A page of messages, newest change first; archived ones only when asked for. */
export async function listMessages(
  db: Queries,
  query: {
    readonly limit: number;
    readonly after: { readonly at: string; readonly id: string } | undefined;
    readonly search: string | undefined;
    readonly state: ReturnType<typeof stateOf> | "any";
  },
): Promise<MessageRow[]> {
  const conditions = [query.state === "any" ? sql`m.archived_at is null` : stateConditions[query.state]];
  if (query.search) {
    const pattern = `%${query.search.replace(/[\\%_]/g, "\\$&")}%`;
    conditions.push(sql`(m.name ilike ${pattern} or m.subject ilike ${pattern})`);
  }
  if (query.after)
    conditions.push(sql`(m.updated_at, m.id) < (${query.after.at}::timestamptz, ${query.after.id})`);
  return db.rows<MessageRow>(sql`
    select ${columns} from ${tables} where ${joinSql(conditions, " and ", sql`true`)}
    order by m.updated_at desc, m.id desc limit ${query.limit}`);
}

/** What the compiler is given of a message. */
export function sourceOf(row: MessageRow): MessageSource {
  const {
    name,
    designation,
    subject,
    preheader,
    fromName,
    fromAddress,
    replyTo,
    html,
    text,
    trackOpens,
    trackClicks,
  } = row;
  return {
    name,
    designation,
    subject,
    preheader,
    fromName,
    fromAddress,
    replyTo,
    html,
    text,
    trackOpens,
    trackClicks,
  };
}

export type NewMessage = {
  readonly name: string;
  readonly subject: string;
  readonly preheader: string;
  readonly html: string;
  readonly templateId: string | null;
  readonly createdBy: string | null;
};

/** Adds a draft and gives its id. */
export async function insertMessage(db: Queries, message: NewMessage): Promise<string> {
  const row = await db.first<{ id: string }>(sql`
    insert into messages (name, subject, preheader, html, template_id, created_by)
    values (${message.name}, ${message.subject}, ${message.preheader}, ${message.html}, ${message.templateId}, ${message.createdBy})
    returning id`);
  return row?.id ?? "";
}

/** Writes the draft and raises its revision. */
export async function updateDraft(
  db: Queries,
  id: string,
  source: MessageSource,
  topicId: string | null,
): Promise<void> {
  await db.run(sql`
    update messages set name = ${source.name}, designation = ${source.designation}, topic_id = ${topicId},
      subject = ${source.subject}, preheader = ${source.preheader}, from_name = ${source.fromName},
      from_address = ${source.fromAddress}, reply_to = ${source.replyTo}, html = ${source.html}, text = ${source.text},
      track_opens = ${source.trackOpens}, track_clicks = ${source.trackClicks}, revision = revision + 1, updated_at = now()
    where id = ${id}`);
}

/** An immutable frozen version. */
export type VersionRow = {
  readonly id: string;
  readonly messageId: string;
  readonly number: number | null;
  readonly source: unknown;
  readonly compiled: unknown;
  readonly contentHash: string;
  readonly findings: unknown;
  readonly topicId: string | null;
  readonly publishedBy: string | null;
  readonly publishedAt: Date;
  readonly sizeBytes: number;
};

const versionColumns = sql`
  v.id, v.message_id as "messageId", v.number, v.source, v.content_hash as "contentHash", v.findings,
  v.topic_id as "topicId", u.name as "publishedBy", v.created_at as "publishedAt", length(v.source ->> 'html') as "sizeBytes"`;

/** Live versions of a message, newest first. */
export async function listVersions(
  db: Queries,
  messageId: string,
  limit: number,
  before: number | undefined,
): Promise<VersionRow[]> {
  return db.rows<VersionRow>(sql`
    select ${versionColumns} from message_versions v left join users u on u.id = v.created_by
    where v.message_id = ${messageId} and v.number is not null and v.number < ${before ?? 2_147_483_647}
    order by v.number desc limit ${limit}`);
}

/** One live version by its number. */
export async function findVersion(
  db: Queries,
  messageId: string,
  number: number,
): Promise<VersionRow | undefined> {
  return db.first<VersionRow>(sql`
    select ${versionColumns} from message_versions v left join users u on u.id = v.created_by
    where v.message_id = ${messageId} and v.number = ${number}`);
}

export type TemplateRow = {
  readonly id: string;
  readonly key: string | null;
  readonly name: string;
  readonly category: string;
  readonly subject: string;
  readonly preheader: string;
  readonly html: string;
};

const templateColumns = sql`id, key, name, category, subject, preheader, html`;

/** All templates, built-in ones first. */
export async function listTemplates(db: Queries): Promise<TemplateRow[]> {
  return db.rows<TemplateRow>(sql`select ${templateColumns} from templates order by (key is null), id`);
}

/** One template. */
export async function findTemplate(db: Queries, id: string): Promise<TemplateRow | undefined> {
  return db.first<TemplateRow>(sql`select ${templateColumns} from templates where id = ${id}`);
}

/** Reads an id of the API, which its schema has already checked, as a row number. */
export function rowOf(kind: Parameters<typeof fromId>[0], id: string): string {
  return fromId(kind, id) ?? "0";
}

/** Shows a template as the API does. */
export function presentTemplate(row: TemplateRow) {
  const { name, category, subject, preheader, html } = row;
  return {
    id: toId("template", row.id),
    name,
    category,
    subject,
    preheader,
    html,
    isBuiltIn: row.key !== null,
  };
}
