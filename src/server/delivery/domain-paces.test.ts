import { afterEach, beforeEach, expect, test } from "vitest";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import {
  aMailingToAll,
  aRoute,
  createTestPlatform,
  someContacts,
  testKeys,
  totalsOf,
  until,
  untilSettled,
} from "#test/mailing.ts";
import { createTestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";
import { setDomainPaces } from "./domain-paces.ts";
import { startSender, verifyDelivery } from "./index.ts";

const gmail = { name: "Gmail", domains: ["gmail.com", "googlemail.com"], messages: 20, perSeconds: 1 };

test("[D25] rules are kept, and a domain has one only", async () => {
  const product = await createTestProduct();
  const admin = await product.as("admin");
  const set = (...items: object[]) => admin.request("PUT", "/api/domain-paces", { items });
  expect((await set(gmail)).body).toEqual({
    items: [{ ...gmail, waiting: 0, lastAt: null, slowed: null }],
    temporary: [],
  });
  expect((await set({ ...gmail, messages: 5 })).body).toMatchObject({ items: [{ messages: 5 }] });
  expect((await set(gmail, { ...gmail, name: "Other" })).status).toBe(400);
  expect((await set({ ...gmail, domains: ["no domain"] })).status).toBe(400);
  expect((await set()).body).toEqual({ items: [], temporary: [] });
  expect((await admin.request("GET", "/api/domain-paces")).body).toEqual({ items: [], temporary: [] });
  await product.stop();
});

test("[D111] [D112] what a receiver slowed down is shown, with its words and when it ends", async () => {
  const product = await createTestProduct();
  const admin = await product.as("admin");
  await admin.request("PUT", "/api/domain-paces", { items: [gmail] });
  await product.db.run(sql`
    update domain_paces set slowed_to = 5, slowed_at = now(), slowed_by = '421 4.7.0 slow down'`);
  await product.db.run(sql`
    insert into domain_paces (name, domains, messages, per_seconds, is_temporary, slowed_to, slowed_at, slowed_by)
    values ('@example.org', '{example.org}', 60, 60, true, 0.25, now(), '451 4.7.1 too many messages')`);
  expect((await admin.request("GET", "/api/domain-paces")).body).toMatchObject({
    items: [{ name: "Gmail", slowed: { reply: "421 4.7.0 slow down", until: expect.any(String) } }],
    temporary: [{ domain: "example.org", waiting: 0, slowed: { reply: "451 4.7.1 too many messages" } }],
  });
  await product.stop();
});

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let target: HostileSink;
const arrivals: number[] = [];
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  platform = await createTestPlatform();
  arrivals.length = 0;
  target = await startHostileSink({
    take: ({ data }) => {
      if (/^To:.*gmail[.]com/m.test(data.toString())) arrivals.push(performance.now());
    },
  });
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await target.close();
  expect(await verifyDelivery(platform.db)).toEqual([]);
  await platform.drop();
});

function send(): void {
  stops.push(startSender(platform, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 }));
}

test("[D25] a paced domain gets its mail evenly from two senders, holds up no other, and nobody is charged", async () => {
  const { db } = platform;
  await aRoute(db, { port: target.port });
  await someContacts(db, 300);
  await db.run(sql`
    update contacts set email = replace(email, 'example.org', 'gmail.com'), email_key = replace(email_key, 'example.org', 'gmail.com')
    where id % 3 = 0`);
  await db.transaction((tx) => setDomainPaces(tx, [gmail]));
  const mailing = await aMailingToAll(db);
  send();
  send();
  await until("the others have theirs", async () => ((await totalsOf(db, mailing)).accepted ?? 0) >= 200);
  expect(arrivals.length).toBeLessThan(100);
  await untilSettled(db, mailing);
  expect(arrivals).toHaveLength(100);
  // 20 a second and a second's worth ahead; what is handed over may arrive a little later and closer.
  for (const from of arrivals)
    expect(arrivals.filter((at) => at >= from && at < from + 2000).length).toBeLessThanOrEqual(80);
  const [first = 0, last = 0] = [arrivals[0], arrivals.at(-1)];
  expect(last - first).toBeGreaterThan(2900);
  expect(await db.rows(sql`select distinct attempts from delivery_log`)).toEqual([{ attempts: 1 }]);
});

test("[D25] transactional mail passes what waits, and what is cancelled waits no more", async () => {
  const { db } = platform;
  await aRoute(db, { port: target.port });
  await someContacts(db, 50);
  await db.transaction((tx) =>
    setDomainPaces(tx, [{ name: "Slow", domains: ["example.org"], messages: 3600, perSeconds: 3600 }]),
  );
  const mailing = await aMailingToAll(db);
  send();
  await until(
    "they wait",
    async () =>
      (await db.rows(sql`select from delivery_retries where pace = 'Slow' and attempts = 0`)).length > 40,
  );
  await db.run(sql`delete from contacts where id > 3`);
  const urgent = await aMailingToAll(db, { source: { designation: "transactional" } });
  await untilSettled(db, urgent, 20_000);
  expect((await totalsOf(db, mailing)).accepted ?? 0).toBeLessThan(40);
  await db.run(sql`update mailings set state = 'cancelled' where id = ${mailing}`);
  await untilSettled(db, mailing, 20_000);
});
