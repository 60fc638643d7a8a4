import type { Graph } from "#core/journeys/graph.ts";
import { planJourney } from "#core/journeys/plan.ts";
import type { MessageSource } from "#core/messages/message-source.ts";
import { toSql } from "#core/segments/to-sql.ts";
import { ensureMailing } from "#server/delivery/index.ts";
import type { Audience } from "#server/journeys/needs.ts";
import { type Database, foreignSql, sql } from "#server/platform/index.ts";

/** Segments without a segments domain: a static one by its members, conditions by the compiler of core. */
export const plainAudience: Audience = {
  conditionSql: async (_queries, condition, timeZone, now) => {
    const { text, values } = toSql(condition, { now, timeZone, segments: new Map() });
    return foreignSql(text, values);
  },
  segmentSql: async (_queries, segmentId) =>
    sql`exists (select from segment_members m where m.segment_id = ${segmentId} and m.contact_id = contacts.id)`,
};

/** Adds contacts with the given cities and returns their row ids in order. */
export async function addContacts(db: Database, cities: readonly (string | null)[]): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(sql`
    insert into contacts (email, email_key, city)
    select 'c' || n || '@example.com', 'c' || n || '@example.com', city
    from (select city, place + (select coalesce(max(id), 0) from contacts) as n
          from unnest(${cities}::text[]) with ordinality as given(city, place)) numbered
    order by n returning id`);
  return rows.map(({ id }) => id);
}

/** Adds a static segment of these contacts and returns its row id. */
export async function addSegment(db: Database, contactIds: readonly string[]): Promise<string> {
  const row = await db.first<{ id: string }>(
    sql`insert into segments (name, kind) values ('Members', 'static') returning id`,
  );
  const id = row?.id ?? "";
  await addMembers(db, id, contactIds);
  return id;
}

/** Adds contacts to a static segment. */
export async function addMembers(
  db: Database,
  segmentId: string,
  contactIds: readonly string[],
): Promise<void> {
  await db.run(sql`insert into segment_members (segment_id, contact_id)
    select ${segmentId}, unnest(${contactIds}::bigint[]) on conflict do nothing`);
}

/** Adds a live message that passes its check, without going through its editor, and returns its row id. */
export async function addLiveMessage(
  db: Database,
  { name = "Invite", html = "" }: { readonly name?: string; readonly html?: string } = {},
): Promise<string> {
  const message = await db.first<{ id: string }>(
    sql`insert into messages (name) values (${name}) returning id`,
  );
  await publishAgain(db, message?.id ?? "", { name, html });
  return message?.id ?? "";
}

/** Gives a message its next live version. */
export async function publishAgain(
  db: Database,
  messageId: string,
  { name = "Invite", html = "" }: { readonly name?: string; readonly html?: string } = {},
): Promise<void> {
  const source: MessageSource = {
    name,
    designation: "commercial",
    subject: "You are invited",
    preheader: "",
    fromName: "Postroad",
    fromAddress: "news@example.com",
    replyTo: "",
    html: `<p>Hello {{ contact.first_name | default: "you" }}. <a href="https://example.com/">Come</a>.</p>${html}
      <p>{{ settings.postal_address }} <a href="{{ links.subscription_center }}">Preferences</a></p>`,
    text: null,
    trackOpens: true,
    trackClicks: true,
  };
  await db.run(sql`
    with next as (
      insert into message_versions (message_id, number, revision, source, compiled, links, content_hash)
      select ${messageId}, coalesce(max(number), 0) + 1, 1, ${JSON.stringify(source)}, '{}', '[]', ''
      from message_versions where message_id = ${messageId}
      returning id
    )
    update messages set live_version_id = next.id from next where messages.id = ${messageId}`);
}

/** Sets a graph running without its check, and returns the row ids of the journey and its version. */
export async function runGraph(
  db: Database,
  graph: Graph,
): Promise<{ journeyId: string; versionId: string }> {
  return db.transaction(async (tx) => {
    const plan = planJourney(graph);
    const journey = await tx.first<{ id: string }>(
      sql`insert into journeys (name, graph, state) values ('Test', ${JSON.stringify(graph)}, 'live') returning id`,
    );
    const version = await tx.first<{ id: string }>(sql`
      insert into journey_versions (journey_id, number, graph, settings, plan)
      values (${journey?.id}, 1, ${JSON.stringify(graph)}, '{}', ${JSON.stringify(plan)}) returning id`);
    const ids = { journeyId: journey?.id ?? "", versionId: version?.id ?? "" };
    await tx.run(sql`update journeys set live_version_id = ${ids.versionId} where id = ${ids.journeyId}`);
    for (const step of plan.steps) {
      if (step.kind !== "send") continue;
      const live = await tx.first<{ id: string }>(
        sql`select live_version_id as id from messages where id = ${step.messageId}`,
      );
      await ensureMailing(tx, {
        kind: "journey",
        messageVersionId: live?.id ?? "",
        journey: { id: ids.journeyId, versionId: ids.versionId, nodeId: step.id },
      });
    }
    return ids;
  });
}

/** What a contact did, as tracking would record it. Ids are row numbers. */
export type Deed = {
  readonly kind: string;
  readonly contactId: string;
  readonly at: Date;
  readonly agent?: string;
  readonly eventId?: string;
  readonly messageId?: string;
  readonly mailingId?: string | undefined;
};

/** Records interactions, without publishing news of them. */
export async function addInteractions(db: Database, deeds: readonly Deed[]): Promise<void> {
  for (const { kind, contactId, at, agent = "human", eventId, messageId, mailingId } of deeds)
    await db.run(sql`
      insert into interactions (hit_id, kind, contact_id, agent, event_id, message_id, mailing_id, at)
      values (gen_random_uuid(), ${kind}, ${contactId}, ${agent}, ${eventId ?? null}, ${messageId ?? null},
              ${mailingId ?? null}, ${at})`);
}
