import { afterEach, beforeEach, expect, test } from "vitest";
import { manualClock, sql } from "#server/platform/index.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { aGraph } from "#test/journeys.ts";
import { addContacts, addLiveMessage, addSegment, plainAudience, runGraph } from "#test/running-journey.ts";
import { createLoader } from "./live-journey.ts";
import { runDueVisits } from "./run-due-visits.ts";

let database: TestDatabase;
let clock: ReturnType<typeof manualClock>;
beforeEach(async () => {
  database = await createTestDatabase();
  clock = manualClock(new Date("2026-03-01T12:00:00Z"));
});
afterEach(() => database.drop());

const day = 86_400_000;
const end = { kind: "end" } as const;
const wait = (amount: number) =>
  ({ kind: "wait", until: { kind: "duration", duration: { amount, unit: "days" } } }) as const;

/** Runs rounds until nothing more is due. */
async function run(): Promise<void> {
  const load = createLoader();
  for (;;) {
    const { entered, moved } = await runDueVisits({ db: database.db, clock, audience: plainAudience }, load);
    if (entered + moved === 0) return;
  }
}

/** A start with these contacts, and a tile that sends. */
async function aStart(cities: readonly (string | null)[]) {
  const segment = await addSegment(database.db, await addContacts(database.db, cities));
  const message = await addLiveMessage(database.db);
  const start = { kind: "segment-start", segmentId: `seg_${segment}`, joinLater: false } as const;
  return { start, invite: { kind: "send", messageId: `msg_${message}` } as const };
}

test("[J19] F-47: what is sent late was planned for when it was meant to be, and waits for a person", async () => {
  const { start, invite } = await aStart(["Bonn", null]);
  const condition = {
    kind: "attribute",
    field: "city",
    test: { operator: "equals", value: "Bonn" },
  } as const;
  await runGraph(
    database.db,
    aGraph(
      { start, wait: wait(1), fork: { kind: "if", condition }, invite, again: wait(1), more: invite, end },
      [
        "start next wait",
        "wait next fork",
        "fork yes invite",
        "fork no invite",
        "invite next again",
        "again next more",
        "more next end",
      ],
    ),
  );
  await run();
  clock.advance(22 * day);
  await run();
  const planned = () =>
    database.db.rows(sql`
      select late, size, round(extract(epoch from now() - planned_at) / 86400)::int as "daysAgo" from delivery_chunks order by id`);
  expect(await planned()).toEqual([{ late: "held", size: 2, daysAgo: 21 }]);
  // A wait counts from the real arrival, so the next one is in time.
  clock.advance(day);
  await run();
  expect(await planned()).toEqual([
    { late: "held", size: 2, daysAgo: 21 },
    { late: null, size: 2, daysAgo: 0 },
  ]);
});

test("[J19] a send expires so long after it was planned, or at a date", async () => {
  const { start, invite } = await aStart(["Bonn"]);
  const at = "2026-03-05T09:00:00Z";
  const soon = { ...invite, expires: { kind: "duration", duration: { amount: 2, unit: "hours" } } } as const;
  const dated = { ...invite, expires: { kind: "date-time", at } } as const;
  await runGraph(
    database.db,
    aGraph({ start, soon, dated, end }, ["start next soon", "soon next dated", "dated next end"]),
  );
  await run();
  expect(
    await database.db.rows(sql`
      select expires_at - planned_at = interval '2 hours' as "isSoon", expires_at = ${at} as "isDated" from delivery_chunks order by id`),
  ).toEqual([
    { isSoon: true, isDated: false },
    { isSoon: false, isDated: true },
  ]);
});
