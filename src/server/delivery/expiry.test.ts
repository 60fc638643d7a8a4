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
import { startSender, verifyDelivery } from "./index.ts";
import { getSendingPolicy, setSendingPolicy } from "./sending-policy.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let target: HostileSink;
let stop = async () => {};
let answer: Reaction | undefined;
let asked = 0;
beforeEach(async () => {
  platform = await createTestPlatform();
  answer = undefined;
  asked = 0;
  target = await startHostileSink({
    react: ({ name }) => {
      if (name !== "rcpt") return undefined;
      asked++;
      return answer;
    },
  });
  await aRoute(platform.db, { port: target.port });
});
afterEach(async () => {
  await stop();
  stop = async () => {};
  await target.close();
  expect(await verifyDelivery(platform.db)).toEqual([]);
  await platform.drop();
});

const send = () => {
  stop = startSender(platform, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 });
};

test("[D15] [D73] a delivery is tried for as long as the setting says", async () => {
  const { db } = platform;
  await setSendingPolicy(db, { ...(await getSendingPolicy(db)), giveUpAfterHours: 5 });
  answer = "451 4.3.2 later";
  await someContacts(db, 1);
  await aMailingToAll(db);
  send();
  await until("it is put off", async () => (await db.rows(sql`select from delivery_retries`)).length === 1);
  expect(
    await db.rows(sql`
      select round(extract(epoch from expires_at - first_at) / 3600)::int as hours from delivery_retries`),
  ).toEqual([{ hours: 5 }]);
});

test("[D73] what ran out of time while nobody was there to try is given up without another attempt", async () => {
  const { db } = platform;
  answer = "451 4.3.2 later";
  await someContacts(db, 3);
  const mailing = await aMailingToAll(db);
  send();
  await until(
    "they are put off",
    async () => (await db.rows(sql`select from delivery_retries`)).length === 3,
  );
  await stop();
  asked = 0;
  await db.run(sql`
    update delivery_retries set next_at = now() - interval '2 days', expires_at = now() - interval '1 day',
      doubts = case when contact_id = 1 then 1 else 0 end`);
  send();
  await untilSettled(db, mailing);
  expect(asked).toBe(0);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 3, "given-up": 2, "in-doubt": 1 });
  expect(await db.rows(sql`select distinct reason from delivery_log`)).toEqual([{ reason: "expired" }]);
});

test("[D17] [D73] nothing is begun after its time, also of a chunk that is under way", async () => {
  const { db } = platform;
  await someContacts(db, 400);
  await db.run(sql`update routes set messages_per_second = 50`);
  const mailing = await aMailingToAll(db);
  send();
  await until("some left", async () => ((await totalsOf(db, mailing))["accepted"] ?? 0) >= 50);
  await db.run(sql`update delivery_chunks set expires_at = now()`);
  const { accepted = 0 } = await totalsOf(db, mailing);
  await untilSettled(db, mailing);
  const totals = await totalsOf(db, mailing);
  expect(totals["skipped"]).toBe(400 - (totals["accepted"] ?? 0));
  // No more than the batch of a second that was begun already, and the one whose intent was being committed.
  expect(totals["accepted"]).toBeLessThanOrEqual(accepted + 150);
  expect(await db.rows(sql`select distinct reason from delivery_log where outcome = 'skipped'`)).toEqual([
    { reason: "expired" },
  ]);
});
