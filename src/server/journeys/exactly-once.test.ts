import { afterEach, beforeEach, test } from "vitest";
import { createLog, type Database, manualClock, openDatabase } from "#server/platform/index.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { everyTile, expectOutcome, registerEveryThird } from "#test/every-tile-journey.ts";
import { plainAudience } from "#test/running-journey.ts";
import { createLoader } from "./live-journey.ts";
import { runDueVisits } from "./run-due-visits.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const begin = new Date("2026-03-01T12:00:00Z");
const people = 600;

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

test("[J6] F-34: engines that run at once move every visit once", async () => {
  const { contacts, versionId } = await everyTile(database.db, people);
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
  await expectOutcome(database.db, { versionId, people });
}, 120_000);

test("[J5] a crash at any moment leaves each visit with all of a batch or nothing of it", async () => {
  const { contacts, versionId } = await everyTile(database.db, people);
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
  await expectOutcome(database.db, { versionId, people });
}, 120_000);
