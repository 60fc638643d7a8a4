import type { Database } from "#server/platform/index.ts";
import { sql } from "#server/platform/index.ts";
import { type WorldContact, worldLinks, worldMailings } from "./arbitrary-contact.ts";

/** Inserts what contacts refer to: topics, segments, messages with links, mailings, journeys. Once per database. */
export async function insertWorld(db: Database): Promise<void> {
  await db.run(sql`insert into topics (name) select 'Topic ' || n from generate_series(1, 3) n`);
  await db.run(
    sql`insert into segments (name, kind) select 'List ' || n, 'static' from generate_series(1, 2) n`,
  );
  await db.run(sql`insert into messages (name) select 'Message ' || n from generate_series(1, 2) n`);
  for (const [index, links] of [worldLinks.msg_1, worldLinks.msg_2].entries())
    await db.run(sql`
      insert into message_versions (message_id, number, revision, source, compiled, links, content_hash)
      values (${index + 1}, 1, 1, '{}', '{}', ${JSON.stringify(links)}, '')`);
  await db.run(
    sql`insert into journeys (name, graph) select 'Journey ' || n, '{}' from generate_series(1, 2) n`,
  );
  await db.run(sql`
    insert into journey_versions (journey_id, number, graph, settings, plan)
    select n, 1, '{}', '{}', '{}' from generate_series(1, 2) n`);
  for (const { messageId, journeyId, kind, id } of worldMailings)
    await db.run(sql`
      insert into mailings (kind, message_version_id, message_id, designation, journey_id, journey_version_id, node_id)
      values (${kind}, ${number(messageId)}, ${number(messageId)}, 'commercial', ${journeyId && number(journeyId)},
        ${journeyId && number(journeyId)}, ${`tile ${id}`})`);
}

/** Replaces all contacts and what they did. The contact at place n gets the id n + 1. */
export async function insertWorldContacts(db: Database, contacts: readonly WorldContact[]): Promise<void> {
  await db.run(sql`
    truncate contacts, segment_members, consents, suppressions, interactions, delivery_log, journey_visits,
      journey_passages restart identity cascade`);
  const numbered = contacts.map((contact, index) => ({
    ...contact,
    id: index + 1,
    key: `c${index + 1}@example.com`,
  }));
  await insert(
    db,
    "contacts",
    numbered.map((contact) => ({
      id: contact.id,
      ...contact.columns,
      email_key: contact.key,
      attributes: contact.attributes,
      created_at: contact.createdAt,
      updated_at: contact.createdAt,
    })),
  );
  await insert(
    db,
    "consents",
    numbered.flatMap(({ key, consents }) =>
      consents.map(({ topicId, granted }) => ({
        address_key: key,
        topic_id: topicId === "all" ? 0 : number(topicId),
        granted,
        since: "2026-01-01",
        event_id: 1,
      })),
    ),
  );
  await insert(
    db,
    "suppressions",
    numbered.flatMap((contact) => suppressionOf(contact)),
  );
  await insert(
    db,
    "segment_members",
    numbered.flatMap(({ id, staticSegmentIds }) =>
      staticSegmentIds.map((segmentId) => ({
        segment_id: number(segmentId),
        contact_id: id,
        added_at: "2026-01-01",
      })),
    ),
  );
  await insert(
    db,
    "interactions",
    numbered.flatMap(({ id, hits }) =>
      hits.map((hit, place) => ({
        id: id * 100 + place,
        hit_id: `00000000-0000-0000-0000-${String(id * 100 + place).padStart(12, "0")}`,
        kind: hit.kind,
        contact_id: id,
        mailing_id: hit.mailing?.id ?? null,
        message_id: hit.mailing ? number(hit.mailing.messageId) : null,
        journey_id: hit.mailing?.journeyId ? number(hit.mailing.journeyId) : null,
        link_number: hit.linkNumber,
        event_id: hit.eventId === null ? null : number(hit.eventId),
        agent: hit.isMachine ? "machine" : "human",
        is_first: true,
        at: hit.at,
        recorded_at: hit.at,
      })),
    ),
  );
  await insert(
    db,
    "delivery_log",
    numbered.flatMap(({ id, receipts }) =>
      receipts.map((receipt, place) => ({
        mailing_id: receipt.mailing.id,
        contact_id: id,
        visit_id: place,
        delivery_id: id * 10 + place,
        outcome: receipt.outcome,
        attempts: 1,
        address: "a@example.com",
        at: receipt.at,
      })),
    ),
  );
  await insertVisits(db, numbered);
}

function suppressionOf({ key, suppression }: WorldContact & { readonly key: string }) {
  if (suppression === "none") return [];
  return [
    {
      id: Number(key.replace(/\D/g, "")),
      address_key: key,
      category: suppression === "of-forwards" ? "forward-opt-out" : "manual",
      reason: "",
      source: "",
      since: "2026-01-01",
      expires_at: {
        expired: "2026-02-01",
        expiring: "2026-04-01",
        active: null,
        lifted: null,
        "of-forwards": null,
      }[suppression],
      lifted_at: suppression === "lifted" ? "2026-02-01" : null,
    },
  ];
}

async function insertVisits(db: Database, contacts: readonly (WorldContact & { readonly id: number })[]) {
  const visits = contacts.flatMap(({ id, visits }) =>
    visits.map((visit, place) => ({ ...visit, contactId: id, id: id * 10 + place })),
  );
  const at = "2026-01-01";
  await insert(
    db,
    "journey_visits",
    visits.map((visit) => ({
      id: visit.id,
      journey_id: number(visit.journeyId),
      version_id: number(visit.journeyId),
      contact_id: visit.contactId,
      node_id: visit.nodeId,
      arrived_at: at,
      due_at: at,
      entered_at: at,
      finished_at: visit.isFinished ? at : null,
      finish_reason: visit.isFinished ? "end" : null,
    })),
  );
  await insert(
    db,
    "journey_passages",
    visits.flatMap((visit) =>
      visit.passedNodeIds.map((nodeId, step) => ({
        visit_id: visit.id,
        node_id: nodeId,
        step,
        arrived_at: at,
        version_id: number(visit.journeyId),
        contact_id: visit.contactId,
        exit: "next",
        left_at: at,
      })),
    ),
  );
}

type Table =
  | "contacts"
  | "consents"
  | "suppressions"
  | "segment_members"
  | "interactions"
  | "delivery_log"
  | "journey_visits"
  | "journey_passages";

/** One statement for all rows; columns that they do not name get their defaults. */
async function insert(db: Database, table: Table, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(", ");
  if (columns === "") return;
  await db.run({
    text: `insert into ${table} (${columns}) overriding system value
      select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
    values: [JSON.stringify(rows)],
  });
}

function number(id: string): number {
  return Number(id.slice(4));
}
