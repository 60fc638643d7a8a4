import { afterEach, beforeEach, expect, test } from "vitest";
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
import { countQueuedOfJourney, startSender } from "./index.ts";
import { presentMailing } from "./present-delivery.ts";
import { findMailing } from "./store.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let target: HostileSink;
let stop = async () => {};
let answer: (address: string) => Reaction | undefined;
beforeEach(async () => {
  platform = await createTestPlatform();
  answer = () => undefined;
  target = await startHostileSink({
    react: ({ name, text }) => (name === "rcpt" ? answer(/<(.*?)>/.exec(text)?.[1] ?? "") : undefined),
  });
  await aRoute(platform.db, { port: target.port });
});
afterEach(async () => {
  await stop();
  stop = async () => {};
  await target.close();
  await platform.drop();
});

const send = () => {
  stop = startSender(platform, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 });
};

async function isComplete(mailingId: string): Promise<boolean> {
  const row = await findMailing(platform.db, mailingId);
  if (!row) throw new Error("There is no such mailing");
  return presentMailing(row).isComplete;
}

test("[D74] a mailing whose last recipients are all skipped is complete, and not before each of them is", async () => {
  const { db } = platform;
  await someContacts(db, 1200);
  await db.run(sql`
    insert into suppressions (address_key, category, reason, source)
    select email_key, 'manual', '', 'test' from contacts where id > 50`);
  const mailing = await aMailingToAll(db);
  expect(await isComplete(mailing)).toBe(false);
  send();
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 1200, accepted: 50, skipped: 1150 });
  expect(await isComplete(mailing)).toBe(true);
});

test("[D74] what is put off keeps a mailing from being complete, what is in doubt has a fate", async () => {
  const { db } = platform;
  await someContacts(db, 3);
  answer = (address) => (address.startsWith("person1@") ? "451 4.3.2 later" : undefined);
  const mailing = await aMailingToAll(db);
  send();
  await until("all but one have a fate", async () => (await totalsOf(db, mailing))["accepted"] === 2);
  await until(
    "its chunk is over",
    async () => (await db.rows(sql`select from delivery_chunks where finished_at is null`)).length === 0,
  );
  expect(await isComplete(mailing)).toBe(false);
  await stop();
  // As if the answer to its second attempt had never come.
  await db.run(sql`
    with gone as (delete from delivery_retries returning *)
    insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, address)
    select mailing_id, contact_id, visit_id, delivery_id, 'in-doubt', address from gone`);
  await db.run(
    sql`insert into mailing_totals (mailing_id, outcome, total) values (${mailing}, 'in-doubt', 1)`,
  );
  expect(await isComplete(mailing)).toBe(true);
});

test("[D74] the mailing of a journey is complete once nobody can be handed over to it any more", async () => {
  const { db } = platform;
  await someContacts(db, 2);
  const journey = await db.first<{ id: string; version: string }>(sql`
    with made as (insert into journeys (name, graph, state) values ('J', '{}', 'live') returning id), version as (
      insert into journey_versions (journey_id, number, graph, settings, plan) select id, 1, '{}', '{}', '{}' from made returning id)
    select made.id, version.id as version from made, version`);
  const { id = "", version = "" } = journey ?? {};
  await db.run(sql`update journeys set live_version_id = ${version} where id = ${id}`);
  const place = { id, versionId: version, nodeId: "a" };
  const first = await aMailingToAll(db, { journey: place });
  send();
  await untilSettled(db, first);
  expect(await countQueuedOfJourney(db, version)).toBe(0);
  expect(await isComplete(first)).toBe(false);
  // A newer live version of its message takes its place.
  const second = await aMailingToAll(db, { journey: place });
  await untilSettled(db, second);
  expect([await isComplete(first), await isComplete(second)]).toEqual([true, false]);
  await db.run(sql`update journeys set state = 'paused'`);
  expect(await isComplete(second)).toBe(false);
  await db.run(sql`update journeys set state = 'completed'`);
  expect(await isComplete(second)).toBe(true);
});
