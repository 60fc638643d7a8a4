import { afterEach, beforeEach, expect, test } from "vitest";
import {
  aMailingToAll,
  aRoute,
  inChunksOf,
  someContacts,
  totalsOf,
  until,
  untilSettled,
} from "#test/mailing.ts";
import { createSendingStage } from "#test/sending-stage.ts";
import { sql } from "../platform/index.ts";

const stage = createSendingStage();
const { send, sink } = stage;
let platform: Awaited<ReturnType<typeof stage.begin>>;
beforeEach(async () => {
  platform = await stage.begin();
});
afterEach(stage.end);

test("[D20] routes share mail by their weights, with two senders", async () => {
  const [one, three] = [await sink(), await sink()];
  await aRoute(platform.db, { port: one.port });
  const other = await aRoute(platform.db, { port: three.port, isDefault: false });
  await platform.db.run(sql`update routes set weight = 3 where id = ${other}`);
  await someContacts(platform.db, 1600);
  const mailing = await aMailingToAll(platform.db);
  await inChunksOf(platform.db, 20);
  send();
  send();
  await untilSettled(platform.db, mailing);
  expect(await totalsOf(platform.db, mailing)).toEqual({ queued: 1600, accepted: 1600 });
  expect(one.received.length).toBeGreaterThan(300);
  expect(one.received.length).toBeLessThan(500);
  expect(one.received.length + three.received.length).toBe(1600);
});

test("[D21] a fall-back carries the mail of a route that is broken for long, until it works again", async () => {
  let works = false;
  const [main, spare] = [
    await sink({ react: ({ name }) => (name === "greeting" && !works ? "421 4.3.2 closed" : undefined) }),
    await sink(),
  ];
  const { db } = platform;
  const mainId = await aRoute(db, { port: main.port });
  const spareId = await aRoute(db, { port: spare.port, isDefault: false });
  await db.run(sql`update routes set fall_back_id = ${spareId}, fall_back_after = 1 where id = ${mainId}`);
  await someContacts(db, 30);
  const first = await aMailingToAll(db);
  send();
  await untilSettled(db, first);
  expect(spare.received).toHaveLength(30);
  expect(await db.rows(sql`select distinct route_id, attempts from delivery_log`)).toEqual([
    { route_id: spareId, attempts: 1 },
  ]);
  works = true;
  // The route is tried by itself, without mail.
  await until("the route works", async () => (await db.rows(sql`select from route_troubles`)).length === 0);
  await until("mail leaves by it again", async () => {
    await untilSettled(db, await aMailingToAll(db, { source: { name: "Later" } }));
    return main.received.length > 0;
  });
});

test("[D23] an hourly limit holds for two senders, rests, and goes on once the hour is over", async () => {
  const target = await sink();
  const { db } = platform;
  const route = await aRoute(db, { port: target.port });
  await db.run(sql`update routes set messages_per_hour = 40 where id = ${route}`);
  await someContacts(db, 100);
  const mailing = await aMailingToAll(db);
  await inChunksOf(platform.db, 20);
  send();
  send();
  const sentNow = async () => (await totalsOf(db, mailing)).accepted ?? 0;
  // A twentieth of 40 is kept for transactional mail.
  await until("the limit is reached", async () => (await sentNow()) === 38);
  const urgent = await aMailingToAll(db, { source: { designation: "transactional" } });
  await until(
    "the rest goes to transactional mail",
    async () => ((await totalsOf(db, urgent)).accepted ?? 0) === 2,
  );
  expect(target.received).toHaveLength(40);
  expect(await db.rows(sql`select attempts from delivery_retries`)).toEqual([]);
  expect(await db.first(sql`select sum(sent)::int as sent from route_usage`)).toEqual({ sent: 40 });
  expect(await sentNow()).toBe(38);
  await db.run(sql`update mailings set state = 'cancelled' where id = ${urgent}`);
  await db.run(sql`update route_usage set minute = minute - interval '62 minutes'`);
  await db.run(sql`update routes set updated_at = clock_timestamp()`);
  await until("it goes on", async () => (await sentNow()) === 76);
  await db.run(sql`update mailings set state = 'cancelled'`);
  await untilSettled(db, mailing);
});

test("[D24] what is more than today's ceiling of a warm-up waits uncharged, for two senders", async () => {
  const target = await sink();
  const { db } = platform;
  const route = await aRoute(db, { port: target.port });
  const warmUp = { plan: "custom", ceilings: [20, 40], startsOn: "2020-01-01", pausedOn: "2020-01-01" };
  await db.run(sql`update routes set warm_up = ${JSON.stringify(warmUp)}::jsonb where id = ${route}`);
  await someContacts(db, 60);
  const mailing = await aMailingToAll(db);
  await inChunksOf(platform.db, 20);
  send();
  send();
  // A twentieth is kept for transactional mail.
  await until("the ceiling is reached", async () => (await totalsOf(db, mailing)).accepted === 19);
  const urgent = await aMailingToAll(db, { source: { designation: "transactional" } });
  await until("transactional mail passes", async () => (await totalsOf(db, urgent)).accepted === 1);
  expect(target.received).toHaveLength(20);
  expect(await db.rows(sql`select attempts from delivery_retries`)).toEqual([]);
  await db.run(sql`update mailings set state = 'cancelled' where id = ${urgent}`);
  await db.run(sql`
    update routes set warm_up = jsonb_set(warm_up, '{pausedOn}', '"2020-01-02"'), updated_at = clock_timestamp()`);
  await until("the next day has more", async () => ((await totalsOf(db, mailing)).accepted ?? 0) >= 37);
  expect(target.received).toHaveLength(38);
  await db.run(sql`update mailings set state = 'cancelled'`);
  await untilSettled(db, mailing);
});

test("[D22] F-24: a slow route lets another mailing and a transactional one through promptly", async () => {
  const { db } = platform;
  const arrivals: string[] = [];
  const target = await sink({
    take: ({ data }) => arrivals.push(/^Subject: (.*)$/m.exec(data.toString())?.[1] ?? ""),
  });
  await aRoute(db, { port: target.port, messagesPerSecond: 10 });
  await someContacts(db, 3);
  const urgent = await aMailingToAll(db, { source: { subject: "urgent", designation: "transactional" } });
  const small = await aMailingToAll(db, { source: { subject: "small" } });
  await db.run(sql`update mailings set state = 'paused'`);
  await db.run(sql`
    insert into contacts (email, email_key) select 'more' || n || '@example.org', 'more' || n || '@example.org'
    from generate_series(1, 2997) n`);
  const huge = await aMailingToAll(db, { source: { subject: "huge" } });
  send();
  await until("the huge one is under way", async () => arrivals.length > 5);
  await db.run(sql`update mailings set state = 'running'`);
  await untilSettled(db, urgent, 10_000);
  await untilSettled(db, small, 15_000);
  expect((await totalsOf(db, huge)).queued).toBe(3000);
  expect(arrivals.length).toBeLessThan(300);
  await db.run(sql`update mailings set state = 'cancelled'`);
  await untilSettled(db, huge);
});
