import { afterEach, beforeEach, expect, test } from "vitest";
import { systemActor } from "#core/access/actor.ts";
import { type HostileSink, type Reaction, startHostileSink } from "#test/hostile-sink.ts";
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
import { sql } from "../platform/index.ts";
import { changeMailing } from "./change-mailing.ts";
import { setMailingsOfJourney, startSender, verifyDelivery } from "./index.ts";
import { tripBreakers } from "./trip-breakers.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let target: HostileSink;
let stop = async () => {};
let answer: (address: string) => Reaction | undefined = () => undefined;
beforeEach(async () => {
  platform = await createTestPlatform();
  target = await startHostileSink({
    react: ({ name, text }) => (name === "rcpt" ? answer(/<(.*?)>/.exec(text)?.[1] ?? "") : undefined),
  });
  await aRoute(platform.db, { port: target.port });
});
afterEach(async () => {
  await stop();
  await target.close();
  expect(await verifyDelivery(platform.db)).toEqual([]);
  await platform.drop();
});

const send = () => {
  stop = startSender(platform, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 });
};
const mailingNow = () =>
  platform.db.first<{ state: string; pause_reason: string | null; is_tripped: boolean }>(
    sql`select state, pause_reason, is_tripped from mailings`,
  );
const numberIn = (address: string) => Number(/\d+/.exec(address)?.[0] ?? 0);
const unknown = "550 5.1.1 user unknown";

test("[D30] a mailing with too many dead addresses pauses with its reason, and goes on when a person says so", async () => {
  answer = (address) => (numberIn(address) % 10 === 0 ? unknown : undefined);
  await someContacts(platform.db, 2000);
  const { db, log } = platform;
  const mailing = await aMailingToAll(db);
  // So slow that the breaker is faster.
  await db.run(sql`update routes set messages_per_second = 100`);
  send();
  await until("it is paused", async () => (await mailingNow())?.state === "paused");
  const paused = await mailingNow();
  expect(paused).toMatchObject({ is_tripped: true });
  expect(paused?.pause_reason).toMatch(
    /^1\d(\.\d+)? % of addresses do not exist: \d+ of \d+ \(limit 5 %\)\.$|^(9|10)(\.\d+)? % of/,
  );
  const entries = await db.rows<{ actor_label: string; details: object }>(
    sql`select actor_label, details from audit_log where action = 'mailing.paused'`,
  );
  expect(entries).toEqual([
    { actor_label: "Breaker", details: { breaker: "hardBounces", reason: paused?.pause_reason } },
  ]);
  await until(
    "the chunk is given back",
    async () => (await db.rows(sql`select from delivery_chunks where lease_owner is not null`)).length === 0,
  );
  const before = await totalsOf(db, mailing);
  expect((before["accepted"] ?? 0) + (before["refused"] ?? 0)).toBeLessThan(2000);

  answer = () => undefined;
  await db.run(sql`update routes set messages_per_second = null`);
  await changeMailing(db, systemActor("Ada"), mailing, { to: "running" });
  // On the same rows it does not trip again.
  expect(await tripBreakers(db, log)).toBe(0);
  await untilSettled(db, mailing);
  expect(await mailingNow()).toEqual({ state: "running", pause_reason: null, is_tripped: false });
  expect((await totalsOf(db, mailing))["refused"]).toBe(before["refused"]);
});

test("[D30] a small mailing is not stopped by its bounces, and a long good time does not hide a bad one", async () => {
  const { db, log } = platform;
  answer = (address) => (numberIn(address) <= 20 ? unknown : undefined);
  await someContacts(db, 90);
  const mailing = await aMailingToAll(db);
  send();
  await untilSettled(db, mailing);
  expect(await tripBreakers(db, log)).toBe(0);
  // As if 5,000 had been accepted before: the window ends, and only what comes after it counts.
  await db.run(sql`update mailing_totals set total = total + 5000 where outcome = 'accepted'`);
  expect(await tripBreakers(db, log)).toBe(0);
  const [window] = await db.rows<{ tried: string }>(sql`select tried from mailing_breakers`);
  expect(window).toEqual({ tried: "5090" });
  await db.run(sql`update mailing_totals set total = total + 200 where outcome = 'accepted'`);
  // As if what was refused had come after that.
  await db.run(sql`update mailing_breakers set since = '-infinity'`);
  expect(await tripBreakers(db, log)).toBe(1);
  await db.run(sql`update mailing_totals set total = total - 5200 where outcome = 'accepted'`);
});

test("[D30] complaints alarm, then pause; a journey that is resumed does not resume what a breaker paused", async () => {
  const { db, log } = platform;
  await someContacts(db, 1000);
  const mailing = await aMailingToAll(db, { journey: { id: "7", versionId: "77", nodeId: "a" } });
  send();
  await untilSettled(db, mailing);
  const complain = (count: number) =>
    db.run(sql`
      insert into interactions (kind, contact_id, mailing_id, delivery_id, hit_id, at, agent)
      select 'complaint', contact_id, mailing_id, delivery_id, gen_random_uuid(), now(), 'human'
      from delivery_log order by delivery_id limit ${count}`);
  await complain(1);
  expect(await tripBreakers(db, log)).toBe(0);
  expect(await db.rows(sql`select alarm from mailing_breakers`)).toEqual([
    { alarm: "0.1 % of recipients complained: 1 of 1000." },
  ]);
  await complain(4);
  expect(await tripBreakers(db, log)).toBe(1);
  expect(await mailingNow()).toMatchObject({
    state: "paused",
    pause_reason: "0.4 % of recipients complained: 4 of 1000 (limit 0.3 %).",
  });
  await setMailingsOfJourney(db, "77", "resume");
  expect(await mailingNow()).toMatchObject({ state: "paused" });
});
