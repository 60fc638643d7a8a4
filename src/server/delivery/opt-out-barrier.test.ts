import { setTimeout as sleep } from "node:timers/promises";
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
import { type SeverableDatabase, severable } from "#test/severable-database.ts";
import { openDatabase, sql } from "../platform/index.ts";
import { forgetOptOutTakers, hearOptOutTaker, startSender, verifyDelivery } from "./index.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let sink: HostileSink;
let door: SeverableDatabase;
let stopSender = async () => {};
/** How often the server still says that it is busy. */
let busy = 0;
/** What the sender works with; the test looks past the door. */
let sendersDb: ReturnType<typeof openDatabase>;

beforeEach(async () => {
  platform = await createTestPlatform();
  door = await severable(platform.databaseUrl);
  sendersDb = openDatabase(door.url, platform.log);
  busy = 0;
  sink = await startHostileSink({
    react: ({ name }) => (name === "dot" && busy > 0 && busy-- > 0 ? "451 4.3.0 busy" : undefined),
  });
  await aRoute(platform.db, { port: sink.port });
  await someContacts(platform.db, 20);
});
afterEach(async () => {
  await stopSender();
  stopSender = async () => {};
  await sendersDb.close();
  await door.close();
  await sink.close();
  expect(await verifyDelivery(platform.db)).toEqual([]);
  await platform.drop();
});

const taker = { name: "elsewhere-1-0123456789", node: "elsewhere" };
function send(): void {
  stopSender = startSender(
    { ...platform, db: sendersDb },
    { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 },
  );
}
const isMissed = async () =>
  (await platform.db.rows(sql`select from opt_out_takers where missed_at is not null`)).length === 1;
const leave = () => hearOptOutTaker(platform.db, taker);
/** Waits while the taker goes on saying that nothing waits, as one that lives does. */
async function settledWhileHeard(mailing: string): Promise<void> {
  const settled = untilSettled(platform.db, mailing).then(() => true);
  do await leave();
  while (!(await Promise.race([settled, sleep(500, false)])));
}
const fallSilent = () =>
  platform.db.run(sql`update opt_out_takers set heard_at = now() - interval '1 hour', missed_at = null`);

test("[T40] while a taker of unsubscribes is silent only transactional mail is begun; its word lets everything go on", async () => {
  await leave();
  await fallSilent();
  const held = await aMailingToAll(platform.db);
  const urgent = await aMailingToAll(platform.db, { source: { designation: "transactional" } });
  send();
  await untilSettled(platform.db, urgent);
  await until("the silence is noticed", isMissed);
  expect(sink.received.length).toBe(20);
  expect(await platform.db.rows(sql`select from delivery_log where mailing_id = ${held}`)).toEqual([]);
  await settledWhileHeard(held);
  expect(sink.received.length).toBe(40);
});

test("[T41] a taker that is never heard again holds mail up for a minute and no longer", async () => {
  await leave();
  await fallSilent();
  const mailing = await aMailingToAll(platform.db);
  send();
  await until("the silence is noticed", isMissed);
  await platform.db.run(sql`update opt_out_takers set missed_at = now() - interval '59 seconds'`);
  expect(sink.received).toEqual([]);
  await untilSettled(platform.db, mailing);
  expect(sink.received.length).toBe(20);
});

test("[T40] after the database was away, however shortly, a taker has to be heard again", async () => {
  await leave();
  send();
  const first = await aMailingToAll(platform.db);
  // What it said before the sender came counts no more.
  await settledWhileHeard(first);
  await door.sever();
  const second = await aMailingToAll(platform.db);
  await door.restore();
  const asked = async () =>
    (
      await platform.db.rows(sql`
      select from pg_stat_activity where datname = current_database() and query like '%opt_out_takers%'
        and pid <> pg_backend_pid() and backend_start > now() - interval '10 seconds'`)
    ).length > 0;
  await until("the sender is back and asks", asked);
  expect(sink.received.length).toBe(20);
  await settledWhileHeard(second);
  expect(sink.received.length).toBe(40);
});

test("[T40] who said goodbye is not waited for", async () => {
  await leave();
  await fallSilent();
  await forgetOptOutTakers(platform.db, [taker.name]);
  const mailing = await aMailingToAll(platform.db);
  send();
  await untilSettled(platform.db, mailing);
});

test("[T40] what was put off is not tried again while a taker is silent, but when it is heard", async () => {
  busy = 1;
  const mailing = await aMailingToAll(platform.db);
  send();
  const putOff = () =>
    platform.db.rows<{ attempts: number }>(
      sql`select attempts from delivery_retries where lease_owner is null`,
    );
  await until("one is put off", async () => (await putOff()).length === 1 && sink.received.length === 19);
  await leave();
  await fallSilent();
  await until("the silence is noticed", isMissed);
  await platform.db.run(sql`update delivery_retries set next_at = now()`);
  // It leases nothing in several looks, although it is due.
  const urgent = await aMailingToAll(platform.db, { source: { designation: "transactional" } });
  await untilSettled(platform.db, urgent);
  expect(await putOff()).toEqual([{ attempts: 1 }]);
  await settledWhileHeard(mailing);
  expect(sink.received.length).toBe(40);
});
