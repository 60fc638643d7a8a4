import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog, type Database, manualClock, openDatabase, sql } from "#server/platform/index.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { aGraph } from "#test/journeys.ts";
import {
  addContacts,
  addInteractions,
  addLiveMessage,
  addSegment,
  plainAudience,
  runGraph,
} from "#test/running-journey.ts";
import { createLoader } from "./live-journey.ts";
import { runDueVisits } from "./run-due-visits.ts";
import { verifyJourneys } from "./verify-journeys.ts";
import { wakeTriggers } from "./wake-triggers.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const begin = new Date("2026-03-01T12:00:00Z");
const people = 600;

/** A journey with every kind of tile; all contacts end after two days, a third of them having registered. */
async function everyTile() {
  const { db } = database;
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

/** Whatever happened meanwhile, the outcome of that journey is this. */
async function expectOutcome(versionId: string): Promise<void> {
  const rows = await database.db.rows<{ tile: string; handed: number; people: number }>(sql`
    select mailing.node_id as tile, count(*)::integer as handed, count(distinct contact)::integer as people
    from delivery_chunks chunk join mailings mailing on mailing.id = chunk.mailing_id, unnest(contact_ids) as contact
    where mailing.journey_version_id = ${versionId} group by mailing.node_id order by mailing.node_id`);
  expect(rows).toEqual([
    { tile: "bonn", handed: people / 2, people: people / 2 },
    { tile: "invite", handed: people, people },
    { tile: "remind", handed: (people * 2) / 3, people: (people * 2) / 3 },
    { tile: "thanks", handed: people / 3, people: people / 3 },
  ]);
  const left = await database.db.rows(sql`
    select finish_reason, count(*)::integer as count from journey_visits group by finish_reason`);
  expect(left).toEqual([{ finish_reason: "end", count: people }]);
  expect(await verifyJourneys(database.db)).toEqual([]);
}

type Clocked = { readonly db: Database; readonly clock: ReturnType<typeof manualClock> };

/** Runs an engine until it finds nothing more; what throws is tried again, as a process started anew would. */
async function runThrough({ db, clock }: Clocked, size: number): Promise<void> {
  const load = createLoader();
  for (let idle = 0; idle < 3; ) {
    const round = await runDueVisits({ db, clock, audience: plainAudience }, load, size).catch(
      () => undefined,
    );
    if (round && round.entered + round.moved === 0) idle++;
    else idle = 0;
  }
}

async function registerEveryThird({ db, clock }: Clocked, contacts: readonly string[]): Promise<void> {
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

test("[J6] engines that run at once move every visit once", async () => {
  const { contacts, versionId } = await everyTile();
  const clock = manualClock(begin);
  const pools = [1, 2, 3].map(() => openDatabase(database.url, createLog("silent"), 2));
  const all = () => Promise.all(pools.map((db) => runThrough({ db, clock }, 40)));
  try {
    await all();
    clock.advance(86_400_000);
    await all();
    clock.advance(3_600_000);
    await Promise.all([all(), registerEveryThird({ db: database.db, clock }, contacts)]);
    clock.advance(86_400_000);
    await all();
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
  await expectOutcome(versionId);
});

test("[J5] a crash at any moment leaves each visit with all of a batch or nothing of it", async () => {
  const { contacts, versionId } = await everyTile();
  const clock = manualClock(begin);
  let dice = 7;
  const isUnlucky = () => {
    dice = (dice * 1_103_515_245 + 12_345) % 2_147_483_648;
    return dice % 100 < 30;
  };
  // Every statement of a transaction may be its last, and so may the moment before the commit.
  const frail: Database = {
    ...database.db,
    transaction: (work) =>
      database.db.transaction(async (tx) => {
        const value = await work({
          ...tx,
          named: (statement, values) => crashOr(() => tx.named(statement, values)),
          first: (query) => crashOr(() => tx.first(query)),
          rows: (query) => crashOr(() => tx.rows(query)),
          run: (query) => crashOr(() => tx.run(query)),
        });
        return crashOr(async () => value);
      }),
  };
  async function crashOr<Value>(go: () => Promise<Value>): Promise<Value> {
    const value = await go();
    if (isUnlucky()) throw new Error("crash");
    return value;
  }
  const engine = { db: frail, clock };
  await runThrough(engine, 100);
  clock.advance(86_400_000);
  await runThrough(engine, 100);
  clock.advance(3_600_000);
  await registerEveryThird({ db: database.db, clock }, contacts);
  await runThrough(engine, 100);
  clock.advance(86_400_000);
  await runThrough(engine, 100);
  await expectOutcome(versionId);
});
