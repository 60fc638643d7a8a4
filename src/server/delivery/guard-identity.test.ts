import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import {
  aMailingToAll,
  aRoute,
  createTestPlatform,
  someContacts,
  testKeys,
  until,
  untilSettled,
} from "#test/mailing.ts";
import { openDatabase, type Platform, sql } from "../platform/index.ts";
import { confirmIdentity, guardIdentity } from "./guard-identity.ts";
import { startSender } from "./index.ts";
import { beginStop, endStop, findStopped } from "./sending-policy.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let target: HostileSink;
const undo: (() => unknown)[] = [];
beforeEach(async () => {
  platform = await createTestPlatform();
  target = await startHostileSink();
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 5);
});
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
  await target.close();
  await platform.drop();
});

/** Another data directory: one more node, or another machine. */
function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "postroad-node-"));
  undo.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
const at = (dataDirectory: string, on: Platform = platform): Platform => ({
  ...on,
  config: { ...on.config, dataDirectory },
});
function send(on: Platform): () => Promise<void> {
  let isStopped = false;
  const stop = startSender(on, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 });
  const once = async () => {
    if (!isStopped) await stop();
    isStopped = true;
  };
  undo.push(once);
  return once;
}
const lockOf = async (on: Platform = platform) => (await findStopped(on.db))?.cause;
const aMinuteLater = () =>
  platform.db.run(
    sql`update settings set updated_at = updated_at - interval '2 minutes' where key = 'instance.identity'`,
  );
const confirm = (on: Platform = platform) =>
  on.db.transaction(async (tx) => {
    const stopped = await findStopped(tx);
    if (!stopped) throw new Error("Nothing is locked");
    await confirmIdentity(tx, stopped);
    await endStop(tx);
  });

test("[D32] first start, restarts, kills, further nodes and a moved directory are no reason to lock", async () => {
  const mailing = await aMailingToAll(platform.db);
  const stop = send(platform);
  await untilSettled(platform.db, mailing);
  await stop();
  for (let i = 0; i < 3; i++) {
    await aMinuteLater();
    await guardIdentity(platform);
    // Another node, and this one again at an older epoch, as after a kill between commit and file.
    await guardIdentity(at(aDirectory()));
    await guardIdentity(platform);
  }
  const moved = join(aDirectory(), "moved");
  renameSync(platform.config.dataDirectory, moved);
  await guardIdentity(at(moved));
  expect(await lockOf()).toBeUndefined();
  expect(
    await platform.db.first(
      sql`select (value ->> 'epoch')::int as epoch from settings where key = 'instance.identity'`,
    ),
  ).toEqual({ epoch: 4 });
});

test("[D32] F-30 and F-52: a database put back from a backup sends nothing until a person confirms, then everything", async () => {
  await guardIdentity(platform);
  const { db } = platform;
  // What a backup brings back is the row as it was.
  const backup = await db.first<{ value: object }>(
    sql`select value from settings where key = 'instance.identity'`,
  );
  await aMinuteLater();
  await guardIdentity(platform);
  await db.run(
    sql`update settings set value = ${JSON.stringify(backup?.value)}::jsonb, updated_at = now() where key = 'instance.identity'`,
  );
  await beginStop(db, { by: "Ada", at: new Date().toISOString() });

  const mailing = await aMailingToAll(db);
  send(platform);
  await until("it is locked", async () => (await lockOf()) === "restored");
  expect((await findStopped(db))?.why).toMatch(/older than this node has seen it/);
  const cancelled = await aMailingToAll(db);
  await db.run(sql`update mailings set state = 'cancelled' where id = ${cancelled}`);
  await untilSettled(db, cancelled);
  expect(target.received).toEqual([]);

  await confirm();
  await untilSettled(db, mailing);
  expect(target.received).toHaveLength(5);
  expect(await lockOf()).toBeUndefined();
});

test("[D32] a copy of the database on the same server is locked, and the original goes on", async () => {
  await guardIdentity(platform);
  const original = new URL(platform.databaseUrl);
  const name = `${original.pathname.slice(1)}_copy`;
  const administrator = openDatabase(
    Object.assign(new URL(original), { pathname: "/postgres" }).href,
    platform.log,
    1,
  );
  undo.push(administrator.close);
  // Nobody may be connected to what is copied.
  await administrator.run(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${original.pathname.slice(1)}`,
  );
  await administrator.pool.query(`create database ${name} template ${original.pathname.slice(1)}`);
  undo.push(() => administrator.pool.query(`drop database ${name} with (force)`));
  const copied = openDatabase(
    Object.assign(new URL(original), { pathname: `/${name}` }).href,
    platform.log,
    5,
  );
  undo.push(copied.close);
  const copy = at(aDirectory(), { ...platform, db: copied });
  await guardIdentity(copy);
  expect(await lockOf(copy)).toBe("restored");
  await confirm(copy);
  await guardIdentity(copy);
  expect(await lockOf(copy)).toBeUndefined();
  await guardIdentity(platform);
  expect(await lockOf()).toBeUndefined();
});

test("[D32] F-52: a copied data directory is locked, and so is a directory of another database; once confirmed all nodes follow", async () => {
  await guardIdentity(platform);
  const copy = aDirectory();
  cpSync(platform.config.dataDirectory, copy, { recursive: true });
  await guardIdentity(at(copy));
  expect((await findStopped(platform.db))?.why).toMatch(/copy of another/);
  await confirm();
  for (const directory of [copy, platform.config.dataDirectory, aDirectory()])
    await guardIdentity(at(directory));
  expect(await lockOf()).toBeUndefined();

  const stranger = aDirectory();
  writeFileSync(join(stranger, "identity.json"), JSON.stringify({ id: "other", epoch: 1, directory: "1" }));
  await guardIdentity(at(stranger));
  expect((await findStopped(platform.db))?.why).toMatch(/another database/);
  await confirm();
  await guardIdentity(at(stranger));
  expect(await lockOf()).toBeUndefined();
});
