import { expect } from "vitest";
import { createLoader } from "#server/journeys/live-journey.ts";
import { verifyJourneys } from "#server/journeys/verify-journeys.ts";
import { wakeTriggers } from "#server/journeys/wake-triggers.ts";
import { type Clock, type Database, sql } from "#server/platform/index.ts";
import { aGraph } from "./journeys.ts";
import { addContacts, addInteractions, addLiveMessage, addSegment, runGraph } from "./running-journey.ts";

type Clocked = { readonly db: Database; readonly clock: Clock };

/** Sets a journey with every kind of tile running. `people` is a multiple of six; all end after two days. */
export async function everyTile(
  db: Database,
  people: number,
): Promise<{ contacts: string[]; versionId: string }> {
  const contacts = await addContacts(
    db,
    Array.from({ length: people }, (_, n) => (n % 2 ? "Bonn" : null)),
  );
  const start = {
    kind: "segment-start",
    segmentId: `seg_${await addSegment(db, contacts)}`,
    joinLater: false,
  } as const;
  const send = { kind: "send", messageId: `msg_${await addLiveMessage(db)}` } as const;
  const condition = {
    kind: "attribute",
    field: "city",
    test: { operator: "equals", value: "Bonn" },
  } as const;
  const duration = { amount: 1, unit: "days" } as const;
  const { versionId } = await runGraph(
    db,
    aGraph(
      {
        start,
        invite: send,
        fork: { kind: "if", condition },
        bonn: send,
        wait: { kind: "wait", until: { kind: "duration", duration } },
        answer: { kind: "trigger", happening: { kind: "registered", eventId: "evt_1" }, timeout: duration },
        thanks: send,
        remind: send,
        end: { kind: "end" },
      },
      [
        "start next invite",
        "invite next fork",
        "fork yes bonn",
        "fork no wait",
        "bonn next wait",
        "wait next answer",
        "answer yes thanks",
        "answer timeout remind",
        "thanks next end",
        "remind next end",
      ],
    ),
  );
  return { contacts, versionId };
}

/** Expects what comes of that journey if every third registers, whatever happened to the engine meanwhile. */
export async function expectOutcome(
  db: Database,
  { versionId, people }: { readonly versionId: string; readonly people: number },
): Promise<void> {
  const rows = await db.rows<{ tile: string; handed: number; people: number }>(sql`
    select mailing.node_id as tile, count(*)::integer as handed, count(distinct contact)::integer as people
    from delivery_chunks chunk join mailings mailing on mailing.id = chunk.mailing_id, unnest(contact_ids) as contact
    where mailing.journey_version_id = ${versionId} group by mailing.node_id order by mailing.node_id`);
  expect(rows).toEqual([
    { tile: "bonn", handed: people / 2, people: people / 2 },
    { tile: "invite", handed: people, people },
    { tile: "remind", handed: (people * 2) / 3, people: (people * 2) / 3 },
    { tile: "thanks", handed: people / 3, people: people / 3 },
  ]);
  const left = await db.rows(sql`
    select finish_reason, count(*)::integer as count from journey_visits group by finish_reason`);
  expect(left).toEqual([{ finish_reason: "end", count: people }]);
  expect(await verifyJourneys(db)).toEqual([]);
}

/** Lets every third contact register, and tells journeys of it. */
export async function registerEveryThird({ db, clock }: Clocked, contacts: readonly string[]): Promise<void> {
  const deeds = contacts
    .filter((_, index) => index % 3 === 0)
    .map((contactId) => ({ kind: "registered", contactId, eventId: "1", at: clock.now() }));
  await addInteractions(db, deeds);
  await db.transaction((tx) =>
    wakeTriggers(
      { clock, load: createLoader() },
      tx,
      deeds.map((payload, id) => ({ id: String(id), kind: "contact.interacted", payload, at: clock.now() })),
    ),
  );
}
