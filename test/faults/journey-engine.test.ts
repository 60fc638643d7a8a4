import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manualClock, sql } from "#server/platform/index.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { everyTile, expectOutcome, registerEveryThird } from "#test/every-tile-journey.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const engine = join(import.meta.dirname, "..", "support", "journey-engine-main.ts");

/** Starts an engine process at a moment of virtual time. */
function startEngine(now: Date) {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", engine, database.url, now.toISOString()],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  return { child, gone: once(child, "exit") };
}

/** Waits until the engine passed so many tiles in all, or ended. */
async function untilPassed(count: number, gone: Promise<unknown>): Promise<void> {
  let isOver = false;
  void gone.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const row = await database.db.first<{ passed: number }>(
      sql`select count(*)::integer as passed from journey_passages`,
    );
    if ((row?.passed ?? 0) >= count) return;
  }
}

test("[J5] engines killed again and again leave every contact with each message once, and all numbers true", async () => {
  const people = 600;
  const { contacts, versionId } = await everyTile(database.db, people);
  const clock = manualClock(new Date("2026-03-01T12:00:00Z"));
  let kills = 0;

  /** Runs two engines side by side, killing one at every 330 passages, until both end by themselves. */
  async function runKilling(): Promise<void> {
    for (let isDone = false; !isDone; ) {
      const before = await database.db.first<{ passed: number }>(
        sql`select count(*)::integer as passed from journey_passages`,
      );
      const victim = startEngine(clock.now());
      const other = startEngine(clock.now());
      await untilPassed((before?.passed ?? 0) + 330, Promise.all([victim.gone, other.gone]));
      const isRunning = victim.child.exitCode === null;
      victim.child.kill("SIGKILL");
      other.child.kill("SIGKILL");
      await Promise.all([victim.gone, other.gone]);
      if (isRunning) kills++;
      isDone = !isRunning && other.child.exitCode === 0;
    }
  }

  await runKilling();
  clock.advance(86_400_000);
  await runKilling();
  clock.advance(3_600_000);
  await registerEveryThird({ db: database.db, clock }, contacts);
  await runKilling();
  clock.advance(86_400_000);
  await runKilling();
  expect(kills).toBeGreaterThan(5);
  await expectOutcome(database.db, { versionId, people });
});
