import { refuse } from "#contract/errors.ts";
import { type Queries, sql } from "../platform/index.ts";

export type Topic = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly isPublic: boolean;
  readonly position: number;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
};

const columns = sql`id, name, description, is_public as "isPublic", position, created_at as "createdAt", archived_at as "archivedAt"`;

/** All topics in their order. Archived ones come last, if wanted. */
export async function listTopics(db: Queries, options: { archived: boolean }): Promise<Topic[]> {
  return db.rows(sql`
    select ${columns} from topics where ${options.archived} or archived_at is null
    order by archived_at is not null, position, id`);
}

export async function findTopic(db: Queries, id: string): Promise<Topic | undefined> {
  return db.first(sql`select ${columns} from topics where id = ${id}`);
}

/** The topic, for something new to be done with it: refuses if it is unknown or archived. */
export async function getOpenTopic(db: Queries, id: string): Promise<Topic> {
  const topic = await findTopic(db, id);
  if (!topic) return refuse("consent.topic-not-found");
  return topic.archivedAt === null ? topic : refuse("consent.topic-archived", { name: topic.name });
}

/** Locks the table against writers while a name is checked: topics change rarely, and two must not share a name. */
async function reserveName(tx: Queries, name: string, exceptId: string | null): Promise<void> {
  await tx.run(sql`lock table topics in share row exclusive mode`);
  const taken = await tx.first(sql`
    select 1 from topics
    where lower(name) = lower(${name}) and archived_at is null and id is distinct from ${exceptId}::bigint`);
  if (taken) refuse("consent.topic-name-taken", { name });
}

export async function insertTopic(
  tx: Queries,
  topic: { name: string; description: string; isPublic: boolean },
): Promise<Topic> {
  await reserveName(tx, topic.name, null);
  const row = await tx.first<Topic>(sql`
    insert into topics (name, description, is_public, position)
    select ${topic.name}, ${topic.description}, ${topic.isPublic}, coalesce(max(position), 0) + 1 from topics
    returning ${columns}`);
  if (!row) throw new Error("An inserted topic was not returned");
  return row;
}

export type TopicChange = {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly isPublic?: boolean | undefined;
  readonly position?: number | undefined;
};

export async function changeTopic(tx: Queries, id: string, change: TopicChange): Promise<Topic> {
  if (change.name !== undefined) await reserveName(tx, change.name, id);
  const row = await tx.first<Topic>(sql`
    update topics set
      name = coalesce(${change.name ?? null}, name),
      description = coalesce(${change.description ?? null}, description),
      is_public = coalesce(${change.isPublic ?? null}, is_public),
      position = coalesce(${change.position ?? null}, position)
    where id = ${id} returning ${columns}`);
  return row ?? refuse("consent.topic-not-found");
}

/** Archives or restores. Restoring refuses where another topic took the name meanwhile. */
export async function setTopicArchived(tx: Queries, id: string, archivedAt: Date | null): Promise<Topic> {
  const topic = await findTopic(tx, id);
  if (!topic) return refuse("consent.topic-not-found");
  if (archivedAt === null) await reserveName(tx, topic.name, id);
  const row = await tx.first<Topic>(sql`
    update topics set archived_at = case when ${archivedAt}::timestamptz is null then null else coalesce(archived_at, ${archivedAt}) end
    where id = ${id} returning ${columns}`);
  return row ?? refuse("consent.topic-not-found");
}

/** How many addresses agreed to each topic, and how many withdrew. One pass over the fold: about 0.2 s per million rows. */
export async function countTopics(
  db: Queries,
): Promise<{ id: string; granted: number; withdrawn: number }[]> {
  return db.rows(sql`
    select topics.id, count(*) filter (where granted)::integer as granted,
      count(*) filter (where not granted)::integer as withdrawn
    from topics left join consents on consents.topic_id = topics.id
    where archived_at is null group by topics.id order by min(position), topics.id`);
}
