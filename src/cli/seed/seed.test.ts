import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyDelivery } from "#server/delivery/index.ts";
import { verifyJourneys } from "#server/journeys/index.ts";
import { type Database, sql } from "#server/platform/index.ts";
import { verifyTracking } from "#server/tracking/index.ts";
import { createTestDatabase } from "#test/database.ts";
import { demoPeople } from "./demo-people.ts";

const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), "postroad-seed-"));
let db: Database;
let drop: () => Promise<void>;
let seed: () => Promise<unknown>;

beforeAll(async () => {
  const made = await createTestDatabase();
  db = made.db;
  drop = made.drop;
  seed = () =>
    run(process.execPath, ["src/cli/main.ts", "seed", "--contacts", "400"], {
      env: { ...process.env, DATABASE_URL: made.url, POSTROAD_DATA: directory },
    });
  await seed();
}, 120_000);
afterAll(async () => {
  await drop();
  rmSync(directory, { recursive: true, force: true });
});

test("the demo's people are the same each time", () => {
  expect(demoPeople(500)).toBe(demoPeople(500));
  expect(new Set(demoPeople(500).trim().split("\n")).size).toBe(501);
});

test("a seeded workspace has contacts, live messages, two journeys that ran, and what contacts did", async () => {
  const counts = await db.first(sql`
    select (select count(*)::int from contacts) as contacts,
           (select count(*)::int from messages where live_version_id is not null) as live,
           (select count(*)::int from journeys where state = 'completed') as completed,
           (select count(*) > 100 from interactions where kind = 'open') as opens,
           (select count(*) > 0 from registrations) as registrations,
           (select count(*)::int from api_keys where revoked_at is null) as keys`);
  expect(counts).toEqual({ contacts: 400, live: 4, completed: 2, opens: true, registrations: true, keys: 0 });
});

test("every number of the demo adds up", async () => {
  expect(await verifyDelivery(db)).toEqual([]);
  expect(await verifyJourneys(db)).toEqual([]);
  expect(await verifyTracking(db)).toEqual([]);
});

test("a workspace with contacts is not seeded, and says what to do instead", async () => {
  await expect(seed()).rejects.toThrow(/Choose an empty directory/);
});
