import type { messageStates } from "#contract/messages.ts";
import { fromId } from "#core/kernel/ids.ts";
import { type LinkTags, tidyLinkTags } from "#core/messages/link-tags.ts";
import type { MessageSource } from "#core/messages/message-source.ts";
import { joinSql, type Queries, type Sql, sql } from "../platform/index.ts";

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
  readonly linkTags: LinkTags | null;
  readonly revision: number;
  readonly liveVersionId: string | null;
  readonly liveNumber: number | null;
  readonly liveRevision: number | null;
  readonly livePublishedAt: Date | null;
  readonly wasLive: boolean;
  readonly stoppedAt: Date | null;
  readonly archivedAt: Date | null;
  readonly updatedAt: Date;
  /** The same in microseconds, as text: what a cursor needs to be exact. */
  readonly updatedAtExact: string;
};

const columns = sql`
  m.id, m.name, m.designation, m.topic_id as "topicId", m.template_id as "templateId", m.subject, m.preheader,
  m.from_name as "fromName", m.from_address as "fromAddress", m.reply_to as "replyTo", m.html, m.text,
  m.track_opens as "trackOpens", m.track_clicks as "trackClicks", m.link_tags as "linkTags", m.revision, m.live_version_id as "liveVersionId",
  v.number as "liveNumber", v.revision as "liveRevision", v.created_at as "livePublishedAt",
  exists (select 1 from message_versions w where w.message_id = m.id and w.number is not null) as "wasLive",
  m.stopped_at as "stoppedAt", m.archived_at as "archivedAt", m.updated_at as "updatedAt",
  to_char(m.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "updatedAtExact"`;
const tables = sql`messages m left join message_versions v on v.id = m.live_version_id`;

type MessageState = (typeof messageStates)[number];

/** The life-cycle state that people see, from the facts in the row. */
export function stateOf(
  row: Pick<MessageRow, "archivedAt" | "liveVersionId" | "liveRevision" | "revision" | "stoppedAt">,
): MessageState {
  if (row.archivedAt) return "archived";
  if (row.liveVersionId) return row.liveRevision === row.revision ? "live" : "live-with-edits";
  return row.stoppedAt ? "stopped" : "draft";
}

const stateConditions: Record<MessageState, Sql> = {
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
    readonly state: MessageState | "any";
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
    linkTags,
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
    ...(linkTags === null ? {} : { linkTags: tidyLinkTags(linkTags) }),
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
      track_opens = ${source.trackOpens}, track_clicks = ${source.trackClicks},
      link_tags = ${source.linkTags ?? null}, revision = revision + 1, updated_at = now()
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

export type NewVersion = {
  readonly messageId: string;
  /** A test version has no number and is never live. */
  readonly purpose: "live" | "test";
  readonly revision: number;
  readonly source: MessageSource;
  readonly compiled: unknown;
  readonly links: unknown;
  readonly topicId: string | null;
  readonly contentHash: string;
  readonly findings: unknown;
  readonly createdBy: string | null;
};

/** Adds an immutable version and gives its id. The message must be locked, so that numbers have no gaps or twins. */
export async function insertVersion(db: Queries, version: NewVersion): Promise<string> {
  const number =
    version.purpose === "live"
      ? sql`(select coalesce(max(number), 0) + 1 from message_versions where message_id = ${version.messageId})`
      : sql`null`;
  const row = await db.first<{ id: string }>(sql`
    insert into message_versions
      (message_id, number, revision, source, compiled, links, topic_id, content_hash, findings, created_by, link_tags)
    values (${version.messageId}, ${number}, ${version.revision}, ${JSON.stringify(version.source)},
      ${JSON.stringify(version.compiled)}, ${JSON.stringify(version.links)}, ${version.topicId}, ${version.contentHash},
      ${JSON.stringify(version.findings)}, ${version.createdBy}, ${version.source.linkTags ?? null})
    returning id`);
  return row?.id ?? "";
}

/** The newest version of exactly this content, live or test. */
export async function findVersionByHash(
  db: Queries,
  messageId: string,
  contentHash: string,
): Promise<string | undefined> {
  const row = await db.first<{ id: string }>(sql`
    select id from message_versions where message_id = ${messageId} and content_hash = ${contentHash}
    order by id desc limit 1`);
  return row?.id;
}

/** Makes a version the one that journeys call. */
export async function setLiveVersion(db: Queries, messageId: string, versionId: string): Promise<void> {
  await db.run(sql`
    update messages set live_version_id = ${versionId}, stopped_at = null, updated_at = now() where id = ${messageId}`);
}
