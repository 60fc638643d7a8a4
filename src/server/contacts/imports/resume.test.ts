import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemActor } from "#core/access/actor.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { createJobs, createLog, readConfig, sql } from "../../platform/index.ts";
import { runImport } from "./run-import.ts";
import { cancelImport, startImport, uploadImport } from "./set-up-import.ts";
import { getImport } from "./store.ts";
import type { GrantConsent } from "./take-over-batch.ts";

let world: TestDatabase;
let directory: string;
beforeAll(async () => {
  world = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), "postroad-import-"));
});
afterAll(async () => {
  await world.drop();
  rmSync(directory, { recursive: true, force: true });
});

const actor = systemActor("test");
const rowCount = 60_000;
/** Filler makes batches of about 17,000 rows. */
function deps() {
  const log = createLog("silent");
  const config = readConfig({ POSTROAD_DATA: directory });
  return { db: world.db, config, log, jobs: createJobs(world.db, log), checkTopic: async () => undefined };
}

async function started(name: string): Promise<string> {
  const file = join(directory, `${name}.csv`);
  const filler = "x".repeat(80);
  const rows = Array.from({ length: rowCount }, (_, n) =>
    n % 10_000 === 5 ? `wrong ${n},${filler},1` : `${name}${n}@example.com,${filler},${n}`,
  );
  writeFileSync(file, `email,city,points\n${rows.join("\n")}`);
  const { id } = await uploadImport(deps(), actor, `${name}.csv`, createReadStream(file));
  await startImport(deps(), actor, id);
  return id;
}

const noConsent: GrantConsent = async () => undefined;
const running = new AbortController().signal;
const countOf = async (name: string) =>
  (
    await world.db.first<{ count: number }>(sql`
    select count(*)::integer as count from contacts where email_key like ${`${name}%`}`)
  )?.count;
const errorRows = async (id: string) =>
  (
    await world.db.rows<{ row: string }>(
      sql`select row from import_errors where import_id = ${id} order by row`,
    )
  ).map(({ row }) => Number(row));

/** A database whose transactions fail after their work from the nth on, as if the process died before the commit. */
function dyingAfter(batches: number) {
  let left = batches;
  return {
    ...world.db,
    transaction: (async (work) =>
      world.db.transaction(async (tx) => {
        const value = await work(tx);
        if (left-- <= 0) throw new Error("killed");
        return value;
      })) as typeof world.db.transaction,
  };
}

test("[CT4] an import that dies in the middle goes on behind its last batch, with every row done once", async () => {
  const id = await started("resume");
  for (const batches of [1, 0, 2]) {
    const before = await getImport(world.db, id);
    const dying = runImport({ ...deps(), db: dyingAfter(batches), grantConsent: noConsent }, id, {
      signal: running,
    });
    await expect(dying).rejects.toThrow("killed");
    const after = await getImport(world.db, id);
    expect(after.state).toBe("running");
    expect(after.readRows > before.readRows).toBe(batches > 0);
    expect(after.createdRows + after.failedRows).toBe(after.readRows);
    expect(await countOf("resume")).toBe(after.createdRows);
  }
  await runImport({ ...deps(), grantConsent: noConsent }, id, { signal: running });
  expect(await getImport(world.db, id)).toMatchObject({
    state: "finished",
    readRows: rowCount,
    createdRows: rowCount - 6,
    updatedRows: 0,
    failedRows: 6,
  });
  expect(await countOf("resume")).toBe(rowCount - 6);
  expect(await errorRows(id)).toEqual([0, 1, 2, 3, 4, 5].map((n) => n * 10_000 + 5 + 2));
});

test("two runs of one import at the same time do every row once", async () => {
  const id = await started("twice");
  const run = () => runImport({ ...deps(), grantConsent: noConsent }, id, { signal: running });
  await Promise.all([run(), run()]);
  expect((await getImport(world.db, id)).state).toBe("finished");
  expect(await getImport(world.db, id)).toMatchObject({ readRows: rowCount, createdRows: rowCount - 6 });
});

test("a stop of the process ends between batches and leaves the import to go on", async () => {
  const id = await started("stopped");
  const stop = new AbortController();
  const grantConsent: GrantConsent = async () => stop.abort(new Error("stopping"));
  await world.db.run(sql`
    update imports set mapping = jsonb_set(mapping, '{consent}', '{"topicId":"1","wording":"","givenAt":null}')
    where id = ${id}`);
  await expect(runImport({ ...deps(), grantConsent }, id, { signal: stop.signal })).rejects.toThrow(
    "stopping",
  );
  expect(await getImport(world.db, id)).toMatchObject({ state: "running" });
  await runImport({ ...deps(), grantConsent: noConsent }, id, { signal: running });
  expect(await getImport(world.db, id)).toMatchObject({ state: "finished", readRows: rowCount });
});

test("cancelling a running import keeps what was taken over and takes over no more", async () => {
  const id = await started("cancelled");
  const dying = runImport({ ...deps(), db: dyingAfter(1), grantConsent: noConsent }, id, { signal: running });
  await expect(dying).rejects.toThrow("killed");
  const { createdRows } = await getImport(world.db, id);
  await cancelImport(deps(), actor, id);
  await runImport({ ...deps(), grantConsent: noConsent }, id, { signal: running });
  expect(await getImport(world.db, id)).toMatchObject({ state: "cancelled", createdRows });
  expect(createdRows).toBeGreaterThan(0);
  expect(await countOf("cancelled")).toBe(createdRows);
});
