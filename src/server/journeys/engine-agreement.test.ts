import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Plan, planJourney } from "#core/journeys/plan.ts";
import { apply, enter, type Happened, step, type Visit } from "#core/journeys/step.ts";
import type { Condition } from "#core/segments/condition.ts";
import type { ContactFacts } from "#core/segments/facts.ts";
import { matches as matchesContact } from "#core/segments/matches.ts";
import { manualClock, sql } from "#server/platform/index.ts";
import { type DeedSeed, graphOf, looks, type TileSeed, tileSeeds } from "#test/arbitrary-journey.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import {
  addContacts,
  addInteractions,
  addLiveMessage,
  addSegment,
  type Deed,
  plainAudience,
  runGraph,
} from "#test/running-journey.ts";
import { createLoader } from "./live-journey.ts";
import { runDueVisits } from "./run-due-visits.ts";
import { verifyJourneys } from "./verify-journeys.ts";
import { wakeTriggers } from "./wake-triggers.ts";

let database: TestDatabase;
let messages: readonly [string, string];
beforeAll(async () => {
  database = await createTestDatabase();
  messages = [await addLiveMessage(database.db), await addLiveMessage(database.db)];
});
afterAll(() => database.drop());

const begin = new Date("2026-03-01T12:00:00Z");
const cities = ["Bonn", "Berlin", null, "Bonn", null];

function aContact(city: string | null): ContactFacts {
  return {
    columns: {
      email: "",
      first_name: null,
      last_name: null,
      language: null,
      time_zone: null,
      country: null,
      city,
    },
    createdAt: begin,
    attributes: {},
    topicIds: [],
    isMailable: true,
    segmentIds: [],
    interactions: [],
    visits: [],
  };
}

/** The simple meaning: each contact for itself, in memory. */
function aTraveller(plan: Plan, city: string | null) {
  let visit: Visit = enter(plan, begin);
  let isFinished = visit.tileId === "end";
  let sent = 0;
  return {
    look(happened: readonly Happened[], now: Date) {
      const matches = (condition: Condition) =>
        matchesContact(condition, aContact(city), { now, timeZone: "UTC" });
      while (!isFinished) {
        const effects = step(plan, visit, { happened, matches }, now);
        if (effects.length === 0) return;
        for (const effect of effects) {
          if (effect.kind === "send") sent++;
          if (effect.kind === "finish") isFinished = true;
          visit = apply(visit, effect, now);
        }
      }
    },
    state: () => ({
      tile: visit.tileId,
      arrived: visit.arrivedAt,
      due: isFinished ? Number.POSITIVE_INFINITY : visit.dueAt,
      isFinished,
      sent,
      passed: visit.passages.map(({ tileId, exit, leftAt }) => `${tileId} ${exit} ${leftAt.toISOString()}`),
    }),
  };
}

async function statesInDatabase(versionId: string) {
  return database.db.rows(sql`
    select node_id as tile, arrived_at as arrived, due_at as due, finished_at is not null as "isFinished",
      (select count(*)::integer from delivery_chunks chunk
       join mailings mailing on mailing.id = chunk.mailing_id and mailing.journey_version_id = visit.version_id,
       unnest(chunk.contact_ids) as recipient where recipient = visit.contact_id) as sent,
      coalesce((select array_agg(passage.node_id || ' ' || exit || ' ' ||
          to_char(left_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') order by step)
        from journey_passages passage where passage.visit_id = visit.id), '{}') as passed
    from journey_visits visit where version_id = ${versionId} order by contact_id`);
}

/** Runs one random journey both ways and compares them after each look. */
async function compare(
  seeds: readonly TileSeed[],
  script: readonly { minutes: number; deeds: readonly DeedSeed[] }[],
) {
  const { db } = database;
  const contacts = await addContacts(db, cities);
  const segment = await addSegment(db, contacts);
  const world = {
    segmentId: `seg_${segment}`,
    messageIds: [`msg_${messages[0]}`, `msg_${messages[1]}`],
    eventIds: ["evt_1", "evt_2"],
  } as const;
  const graph = graphOf(seeds, world, begin);
  const plan = planJourney(graph);
  const { journeyId, versionId } = await runGraph(db, graph);
  const mailings = await db.rows<{ id: string; node_id: string; message_id: string }>(
    sql`select id, node_id, message_id from mailings where journey_version_id = ${versionId} order by id`,
  );
  const clock = manualClock(begin);
  const load = createLoader();
  const travellers = cities.map((city) => aTraveller(plan, city));
  const happened = cities.map((): Happened[] => []);

  for (const { minutes, deeds } of script) {
    clock.advance(minutes * 60_000);
    const done = deeds.map((deed): Deed => {
      const mailing =
        deed.kind === "registered" ? undefined : mailings[deed.number % Math.max(1, mailings.length)];
      const at = new Date(clock.now().getTime() - deed.minutesAgo * 60_000);
      const agent = deed.isMachine ? "machine" : "human";
      const eventId = deed.kind === "registered" ? String(1 + (deed.number % 2)) : null;
      happened[deed.contact]?.push({
        kind: deed.kind,
        agent,
        at,
        eventId,
        messageId: mailing?.message_id ?? null,
        tileId: mailing?.node_id ?? null,
      });
      return {
        kind: deed.kind,
        contactId: contacts[deed.contact] ?? "",
        agent,
        at,
        ...(eventId ? { eventId } : {}),
        ...(mailing ? { mailingId: mailing.id, messageId: mailing.message_id } : {}),
      };
    });
    await addInteractions(db, done);
    const news = done.map((payload, id) => ({
      id: String(id),
      kind: "contact.interacted",
      payload,
      at: clock.now(),
    }));
    await db.transaction((tx) => wakeTriggers({ clock, load }, tx, news));
    for (;;) {
      const { entered, moved } = await runDueVisits({ db, clock, audience: plainAudience }, load, 3);
      if (entered + moved === 0) break;
    }
    travellers.forEach((traveller, index) => {
      traveller.look(happened[index] ?? [], clock.now());
    });
    expect(await statesInDatabase(versionId)).toEqual(travellers.map((traveller) => traveller.state()));
  }
  await db.run(sql`update journeys set state = 'completed' where id = ${journeyId}`);
}

test.each([1, 2, 3, 4])(
  "the engine moves cohorts as step() moves each contact (batch %i)",
  async (batch) => {
    await fc.assert(
      fc.asyncProperty(tileSeeds, looks, async (seeds, script) => {
        const enters = { minutes: 0, deeds: [] };
        await compare(seeds, [enters, ...script]);
      }),
      { numRuns: 15, seed: batch },
    );
    expect(await verifyJourneys(database.db)).toEqual([]);
  },
  120_000,
); // A few thousand transactions each: a busy machine takes its time.
