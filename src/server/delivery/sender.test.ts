import { simpleParser } from "mailparser";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { HostileSink } from "#test/hostile-sink.ts";
import { aMailingToAll, aRoute, someContacts, totalsOf, until, untilSettled } from "#test/mailing.ts";
import { createSendingStage } from "#test/sending-stage.ts";
import { sql } from "../platform/index.ts";
import { enqueueFromSql } from "./index.ts";

const stage = createSendingStage();
const { send, sink } = stage;
let platform: Awaited<ReturnType<typeof stage.begin>>;
beforeEach(async () => {
  platform = await stage.begin();
});
afterEach(stage.end);

const addressesAt = (at: HostileSink) => at.received.map(({ to }) => to[0]).sort();

test("[D1] every contact gets its own message, once", async () => {
  const target = await sink();
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 1234);
  const mailing = await aMailingToAll(platform.db);
  send();
  await untilSettled(platform.db, mailing);
  expect(await totalsOf(platform.db, mailing)).toEqual({ queued: 1234, accepted: 1234 });
  expect(new Set(addressesAt(target)).size).toBe(1234);
  expect(target.received).toHaveLength(1234);
  const some = target.received.find(({ to }) => to[0] === "person77@example.org");
  const mail = await simpleParser(some?.data ?? "");
  expect(mail.subject).toContain("Person 77, spring");
  expect(mail.messageId).toMatch(/^<\d+\.[0-9a-f]{8}@mail\.example\.com>$/);
  expect(mail.from?.text).toContain("news@sender.test");
});

const stepwise = ["8BITMIME"];

test("[D2] a mailing does not need PIPELINING", async () => {
  const target = await sink({ offers: stepwise });
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 50);
  const mailing = await aMailingToAll(platform.db);
  send();
  await untilSettled(platform.db, mailing);
  expect(await totalsOf(platform.db, mailing)).toEqual({ queued: 50, accepted: 50 });
});

test("[D6] whoever may not be mailed at the moment of sending is skipped, with the reason", async () => {
  const target = await sink();
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 5);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  await db.run(
    sql`insert into suppressions (address_key, category, reason, source) values ('person1@example.org', 'complaint', 'x', 'x')`,
  );
  await db.run(
    sql`insert into consent_events (address_key, kind, source) values ('person2@example.org', 'withdrawn', 'api')`,
  );
  await db.run(
    sql`insert into consents (address_key, topic_id, granted, since, event_id) values ('person2@example.org', 0, false, now(), 1)`,
  );
  await db.run(sql`delete from contacts where email = 'person3@example.org'`);
  send();
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 5, accepted: 2, skipped: 3 });
  expect(addressesAt(target)).toEqual(["person4@example.org", "person5@example.org"]);
  const reasons = await db.rows<{ reason: string }>(
    sql`select reason from delivery_log where outcome = 'skipped' order by contact_id`,
  );
  expect(reasons.map(({ reason }) => reason)).toEqual(["suppressed-complaint", "opted-out", "contact-gone"]);
});

test("[D3] the same key enqueued twice is sent once and counted once", async () => {
  const target = await sink();
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 10);
  const mailing = await aMailingToAll(platform.db);
  send();
  await untilSettled(platform.db, mailing);
  await platform.db.transaction((tx) =>
    enqueueFromSql(tx, {
      mailingId: mailing,
      from: sql`select id as contact_id, id as visit_id from contacts`,
    }),
  );
  await untilSettled(platform.db, mailing);
  expect(await totalsOf(platform.db, mailing)).toEqual({ queued: 10, accepted: 10 });
  expect(target.received).toHaveLength(10);
});

test("[D16] a refusal is classified, a hard one suppresses the address and is told of", async () => {
  const target = await sink({
    react: ({ name, text }) => {
      if (name === "rcpt" && text.includes("person1@")) return "550 5.1.1 user unknown";
      if (name === "dot" && text.includes("<person2@example.org>")) return "554 5.7.1 looks like spam";
      return undefined;
    },
  });
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 3);
  const heard: unknown[] = [];
  platform.news.subscribe("test", ["delivery.bounced"], async (_, items) => {
    heard.push(...items.map(({ payload }) => payload));
  });
  const mailing = await aMailingToAll(platform.db);
  send();
  await untilSettled(platform.db, mailing);
  expect(await totalsOf(platform.db, mailing)).toEqual({ queued: 3, accepted: 1, refused: 2 });
  const log = await platform.db.rows(
    sql`select reason, smtp_code, enhanced, reply from delivery_log where outcome = 'refused' order by contact_id`,
  );
  expect(log).toEqual([
    { reason: "invalid-mailbox", smtp_code: 550, enhanced: "5.1.1", reply: "550 5.1.1 user unknown" },
    { reason: "spam", smtp_code: 554, enhanced: "5.7.1", reply: "554 5.7.1 looks like spam" },
  ]);
  expect(await platform.db.rows(sql`select address_key, category from suppressions`)).toEqual([
    { address_key: "person1@example.org", category: "hard-bounce" },
  ]);
  await platform.news.deliver("test");
  // Within a batch nobody promises who is refused first; on PostgreSQL 15 it was the other one.
  expect(heard).toHaveLength(2);
  expect(heard).toContainEqual(expect.objectContaining({ category: "invalid-mailbox", isHard: true }));
  expect(heard).toContainEqual(expect.objectContaining({ category: "spam", isHard: false }));
});

test("[D15] what is put off is sent again from its snapshot: same message, same Message-ID", async () => {
  let refusals = 0;
  const target = await sink({
    react: ({ name, text }) =>
      name === "dot" && text.includes("<person2@example.org>") && refusals++ === 0
        ? "451 4.3.0 busy"
        : undefined,
  });
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 3);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  send();
  await until("it is put off", async () => (await db.rows(sql`select from delivery_retries`)).length === 1);
  const [retry] = await db.rows<{ attempts: number; seconds: string; last_reply: string }>(sql`
    select attempts, last_reply, extract(epoch from next_at - first_at) as seconds from delivery_retries`);
  expect(retry).toMatchObject({ attempts: 1, last_reply: "451 4.3.0 busy" });
  expect(Number(retry?.seconds)).toBeGreaterThan(45);
  expect(Number(retry?.seconds)).toBeLessThan(75);
  // The contact changes meanwhile; the message does not.
  await db.run(sql`update contacts set first_name = 'Changed' where email = 'person2@example.org'`);
  await db.run(sql`update delivery_retries set next_at = now()`);
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 3, accepted: 3 });
  const sent = target.received.find(({ to }) => to[0] === "person2@example.org")?.data.toString() ?? "";
  expect(sent).toContain("Person 2");
  const log = await db.first(
    sql`select attempts from delivery_log join contacts on contacts.id = contact_id where email = 'person2@example.org'`,
  );
  expect(log).toEqual({ attempts: 2 });
});

test("[D15] what expires before the next attempt is given up", async () => {
  const target = await sink({ react: ({ name }) => (name === "rcpt" ? "450 4.2.1 later" : undefined) });
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 2);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  await db.run(sql`update delivery_chunks set expires_at = now() + interval '30 seconds'`);
  send();
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 2, "given-up": 2 });
});

test("[D12] a broken road charges nobody, is visible, and everything leaves once it works", async () => {
  let works = false;
  const target = await sink({
    react: ({ name }) => (name === "greeting" && !works ? "421 4.3.2 too busy" : undefined),
  });
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 20);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  send();
  await until("trouble is noted", async () => (await db.rows(sql`select from route_troubles`)).length === 1);
  expect(await db.first(sql`select phase, message from route_troubles`)).toEqual({
    phase: "greeting",
    message: "The server answered: 421 4.3.2 too busy",
  });
  expect(await totalsOf(db, mailing)).toEqual({ queued: 20 });
  works = true;
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 20, accepted: 20 });
  expect(await db.rows(sql`select from delivery_log where attempts <> 1`)).toEqual([]);
  expect(await db.rows(sql`select from route_troubles`)).toEqual([]);
});

test("[D10] F-14: a refused sender pauses its mailing and blames nobody", async () => {
  const target = await sink({
    react: ({ name }) => (name === "mail" ? "553 5.7.1 sender not yours" : undefined),
  });
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 20);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  send();
  await until(
    "it is paused",
    async () => (await db.first<{ state: string }>(sql`select state from mailings`))?.state === "paused",
  );
  await until(
    "the chunk is given back",
    async () => (await db.rows(sql`select from delivery_chunks where lease_owner is not null`)).length === 0,
  );
  expect(await totalsOf(db, mailing)).toEqual({ queued: 20 });
  expect(
    await db.first(
      sql`select pause_reason, cardinality(returned) as returned from mailings join delivery_chunks on mailing_id = mailings.id`,
    ),
  ).toEqual({
    pause_reason: "The route refused the sender: 553 5.7.1 sender not yours",
    returned: 20,
  });
});

test.each([
  [
    "the mailing is paused",
    sql`update mailings set state = 'paused'`,
    sql`update mailings set state = 'running'`,
  ],
  [
    "all sending is stopped",
    sql`insert into settings (key, value) values ('delivery.stopped', '{}')`,
    sql`delete from settings where key = 'delivery.stopped'`,
  ],
])("[D4] when %s, no further batch is begun, and all goes on from there", async (_, stop, goOn) => {
  const target = await sink();
  await aRoute(platform.db, { port: target.port, messagesPerSecond: 40 });
  await someContacts(platform.db, 120);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  send();
  await until("some are sent", async () => target.received.length > 0);
  await db.run(stop);
  await until(
    "the chunk is given back",
    async () => (await db.rows(sql`select from delivery_chunks where lease_owner is not null`)).length === 0,
  );
  const { accepted = 0 } = await totalsOf(db, mailing);
  expect(accepted).toBe(target.received.length);
  expect(accepted).toBeLessThan(120);
  await db.run(goOn);
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 120, accepted: 120 });
  expect(new Set(addressesAt(target)).size).toBe(target.received.length);
});

test("[D17] what is cancelled is skipped, and the count still adds up", async () => {
  const target = await sink();
  await aRoute(platform.db, { port: target.port, messagesPerSecond: 40 });
  await someContacts(platform.db, 120);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  send();
  await until("some are sent", async () => target.received.length > 0);
  await db.run(sql`update mailings set state = 'cancelled'`);
  await untilSettled(db, mailing);
  const { accepted = 0, skipped = 0 } = await totalsOf(db, mailing);
  expect(accepted).toBe(target.received.length);
  expect(accepted + skipped).toBe(120);
});

test("[D9] a sender that is asked to stop finishes what is on the wire and gives back the rest", async () => {
  const target = await sink();
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 3000);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  const stop = send();
  await until("some are sent", async () => target.received.length > 0);
  await stop();
  const { accepted = 0 } = await totalsOf(db, mailing);
  expect(accepted).toBe(target.received.length);
  expect(await db.rows(sql`select from delivery_chunks where lease_owner is not null`)).toEqual([]);
  send();
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 3000, accepted: 3000 });
  expect(new Set(addressesAt(target)).size).toBe(target.received.length);
});

test("[D11] a doubtful commercial delivery is held and listed, never sent again by itself", async () => {
  let drops = 0;
  const target = await sink({
    react: ({ name, text }) =>
      name === "dot" && text.includes("<person2@example.org>") && drops++ === 0 ? "drop" : undefined,
  });
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 10);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  send();
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 10, accepted: 9, "in-doubt": 1 });
  expect(drops).toBe(1);
});

test("[D11] a doubtful transactional delivery is sent once more under the same Message-ID, and only once", async () => {
  const ids: string[] = [];
  const target = await sink({
    react: ({ name, text }) => {
      if (name !== "dot") return undefined;
      ids.push(/Message-ID: (\S+)/.exec(text)?.[1] ?? "");
      return "drop";
    },
  });
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 1);
  const { db } = platform;
  const mailing = await aMailingToAll(db, { source: { designation: "transactional" } });
  send();
  await until(
    "it waits for its second attempt",
    async () => (await db.rows(sql`select from delivery_retries where doubts = 1`)).length === 1,
  );
  expect(await totalsOf(db, mailing)).toEqual({ queued: 1 });
  await db.run(sql`update delivery_retries set next_at = now()`);
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 1, "in-doubt": 1 });
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test("[D7] F-34: two senders share the work and never a recipient", async () => {
  const target = await sink();
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 5000);
  const mailing = await aMailingToAll(platform.db);
  send();
  send();
  await untilSettled(platform.db, mailing);
  expect(await totalsOf(platform.db, mailing)).toEqual({ queued: 5000, accepted: 5000 });
  expect(target.received).toHaveLength(5000);
  expect(new Set(addressesAt(target)).size).toBe(5000);
});

test("[D14] a route's pace holds for all senders together", async () => {
  const times: number[] = [];
  const target = await sink({ take: () => times.push(Date.now()) });
  await aRoute(platform.db, { port: target.port, messagesPerSecond: 20 });
  await someContacts(platform.db, 100);
  const mailing = await aMailingToAll(platform.db);
  send();
  send();
  await untilSettled(platform.db, mailing);
  expect(times).toHaveLength(100);
  // 100 messages at 20 a second are five stretches of a second, of which the first begins at once.
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(3500);
});
