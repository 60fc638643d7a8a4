import { afterEach, beforeEach, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { compose, type Product, type Stop } from "#server/compose.ts";
import { startSender } from "#server/delivery/index.ts";
import { openDatabase, type Platform, sql } from "#server/platform/index.ts";
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
import { aMailing } from "#test/mailings.ts";
import { type SeverableDatabase, severable } from "#test/severable-database.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let sink: HostileSink;
/** The tracker's and the sender's ways to the database, each with a door. */
let doors: readonly [SeverableDatabase, SeverableDatabase];
let trackers: Platform;
let senders: Platform;
const stops: Stop[] = [];
const products: Product[] = [];

beforeEach(async () => {
  platform = await createTestPlatform();
  sink = await startHostileSink();
  doors = [await severable(platform.databaseUrl), await severable(platform.databaseUrl)];
  const { log } = platform;
  trackers = { ...platform, db: openDatabase(doors[0].url, log) };
  senders = { ...platform, db: openDatabase(doors[1].url, log) };
  await aRoute(platform.db, { port: sink.port });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  for (const { app } of products.splice(0)) await app.close();
  await trackers.db.close();
  await senders.db.close();
  for (const door of doors) await door.close();
  await sink.close();
  await platform.drop();
});

async function startTracker(): Promise<{ product: Product; stop: Stop }> {
  const product = await compose(trackers);
  const stop = product.start(["tracker"]);
  stops.push(stop);
  products.push(product);
  return { product, stop };
}

const unsubscribe = (product: Product, deliveryId = "") => {
  const { manage } = mintTokens(deliveryId, product.tracking.keys.current(), product.tracking.keys.mac);
  return product.app.inject({
    method: "POST",
    url: `/u/${manage}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "List-Unsubscribe=One-Click",
  });
};
const takers = () =>
  platform.db.rows<{ name: string; heard_at: Date }>(sql`select name, heard_at from opt_out_takers`);
const sentTo = () => sink.received.flatMap(({ to }) => to);
const withoutOptOut = Array.from({ length: 9 }, (_, n) => `person${n + 2}@example.org`).sort();

test("[T40] F-49: an unsubscribe that was taken while the database was away holds for all that is begun when it is back", async () => {
  const contactIds = await someContacts(platform.db, 10);
  const { deliveryIds } = await aMailing(platform.db, { contactIds });
  const { product } = await startTracker();
  await until("the tracker is known", async () => (await takers()).length === 1);
  stops.push(startSender(senders, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 }));
  await Promise.all(doors.map((door) => door.sever()));
  expect((await unsubscribe(product, deliveryIds[0])).statusCode).toBe(200);
  const mailing = await aMailingToAll(platform.db);
  // The sender is back first, with a mailing to that very person ready; the tracker is not.
  await doors[1].restore();
  await until("the sender surveys again", async () => {
    const [row] = await platform.db.rows<{ value: string }>(sql`
      select count(*) as value from pg_stat_activity
      where datname = current_database() and query like '%opt_out_takers%' and pid <> pg_backend_pid()`);
    return Number(row?.value) > 0;
  });
  expect(sink.received).toEqual([]);
  await doors[0].restore();
  await untilSettled(platform.db, mailing);
  expect(sentTo().sort()).toEqual(withoutOptOut);
  expect(
    await platform.db.rows(sql`select address, reason from delivery_log where outcome = 'skipped'`),
  ).toEqual([{ address: "person1@example.org", reason: "opted-out" }]);
});

test("[T42] what a process left when it ended without the database is brought by the next one, before it says a word", async () => {
  const contactIds = await someContacts(platform.db, 10);
  const { deliveryIds } = await aMailing(platform.db, { contactIds });
  const first = await startTracker();
  await until("the tracker is known", async () => (await takers()).length === 1);
  const [before] = await takers();
  await Promise.all(doors.map((door) => door.sever()));
  expect((await unsubscribe(first.product, deliveryIds[0])).statusCode).toBe(200);
  await first.stop();
  await first.product.app.close();
  const mailing = await aMailingToAll(platform.db);
  await Promise.all(doors.map((door) => door.restore()));
  stops.push(startSender(senders, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 }));
  await startTracker();
  await until("the dead one is forgotten", async () =>
    (await takers()).every(({ name }) => name !== before?.name),
  );
  await untilSettled(platform.db, mailing);
  expect(sentTo().sort()).toEqual(withoutOptOut);
});

test("[T42] a process that ends in order is not waited for", async () => {
  const { stop } = await startTracker();
  await until("the tracker is known", async () => (await takers()).length === 1);
  await stop();
  expect(await takers()).toEqual([]);
});
