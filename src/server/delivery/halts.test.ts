import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { aMailingToAll, aRoute, someContacts, totalsOf, until, untilSettled } from "#test/mailing.ts";
import { createSendingStage } from "#test/sending-stage.ts";
import { type Queries, sql } from "../platform/index.ts";
import { tellOfHalt } from "./halts.ts";
import { beginStop, endStop } from "./sending-policy.ts";

const stage = createSendingStage();
const { send, sink } = stage;
let platform: Awaited<ReturnType<typeof stage.begin>>;
beforeEach(async () => {
  platform = await stage.begin();
});
afterEach(stage.end);

/** What the rule promises; the one thing here that is about time. */
const noticedWithin = 2000;

const stopAll = (queries: Queries) => beginStop(queries, { by: "Ada", at: new Date().toISOString() });
const goOnAll = (queries: Queries) => endStop(queries);
const pause = async (queries: Queries) => void (await queries.run(sql`update mailings set state = 'paused'`));
const resume = async (queries: Queries) =>
  void (await queries.run(sql`update mailings set state = 'running'`));

const isGivenBack = async () =>
  (await platform.db.rows(sql`select from delivery_chunks where lease_owner is not null`)).length === 0;

test.each([
  ["all sending is stopped", stopAll, goOnAll],
  ["the mailing is paused", pause, resume],
])(
  "[D4] when %s, only what is complete on the wire is finished, however slow the server is",
  async (_, stop, goOn) => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let dots = 0;
    const target = await sink({
      react: ({ name }) =>
        name === "dot" && ++dots <= 4 ? { reply: "250 2.0.0 queued", after: answered } : undefined,
    });
    await aRoute(platform.db, { port: target.port, maxConnections: 4 });
    await someContacts(platform.db, 250);
    const { db } = platform;
    const mailing = await aMailingToAll(db);
    send();
    await until("every connection waits for an answer", async () => dots === 4);
    await db.transaction(async (tx) => {
      await stop(tx);
      await tellOfHalt(tx);
    });
    await sleep(noticedWithin);
    answer();
    await until("the chunk is given back", isGivenBack);
    expect(await totalsOf(db, mailing)).toEqual({ queued: 250, accepted: 4 });
    expect(target.received).toHaveLength(4);
    const chunk = await db.first<{ intended: number; returned: number }>(
      sql`select intended, cardinality(returned) as returned from delivery_chunks`,
    );
    expect(chunk?.intended).toBeGreaterThan(4);
    expect(chunk?.returned).toBe((chunk?.intended ?? 0) - 4);
    await goOn(db);
    await untilSettled(db, mailing);
    expect(await totalsOf(db, mailing)).toEqual({ queued: 250, accepted: 250 });
    expect(new Set(target.received.map(({ to }) => to[0])).size).toBe(250);
    expect(target.received).toHaveLength(250);
  },
);

test("[D4] attempts that wait for a connection are given back as well", async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let isBusy = true;
  let dots = 0;
  const target = await sink({
    react: ({ name }) => {
      if (isBusy) return name === "rcpt" ? "450 4.2.1 later" : undefined;
      if (name === "dot" && ++dots <= 2) return { reply: "250 2.0.0 queued", after: answered };
      return undefined;
    },
  });
  await aRoute(platform.db, { port: target.port, maxConnections: 2 });
  await someContacts(platform.db, 30);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  send();
  const retries = (where: ReturnType<typeof sql>) =>
    db.rows(sql`select from delivery_retries where ${where}`);
  await until("all are put off", async () => (await retries(sql`lease_owner is null`)).length === 30);
  isBusy = false;
  await db.run(sql`update delivery_retries set next_at = now()`);
  await until("both connections wait for an answer", async () => dots === 2);
  await db.transaction(async (tx) => {
    await stopAll(tx);
    await tellOfHalt(tx);
  });
  // Each connection has one more, announced behind the one that waits for its answer.
  await until(
    "what waits is given back",
    async () => (await retries(sql`lease_owner is null`)).length === 26,
  );
  answer();
  await until(
    "those that were announced are given back",
    async () => (await retries(sql`lease_owner is null`)).length === 28,
  );
  // Where RCPT is refused, an empty message takes the server out of DATA; those are no mail.
  const mails = () => target.received.filter(({ data }) => data.length > 0);
  expect(mails()).toHaveLength(2);
  await goOnAll(db);
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 30, accepted: 30 });
  expect(mails()).toHaveLength(30);
});

test("[D4] three senders at full speed stop within two seconds, though no notification came, and a new one does not begin", async () => {
  let lastDotAt = 0;
  const target = await sink({
    react: ({ name }) => {
      if (name === "dot") lastDotAt = performance.now();
      return undefined;
    },
  });
  await aRoute(platform.db, { port: target.port });
  await someContacts(platform.db, 20_000);
  const { db } = platform;
  const mailing = await aMailingToAll(db);
  const running = [send(), send(), send()];
  await until("they are at it", async () => target.received.length > 500);
  await stopAll(db);
  const stoppedAt = performance.now();
  await until("everything is given back", isGivenBack);
  expect(lastDotAt - stoppedAt).toBeLessThan(noticedWithin);
  const { accepted = 0 } = await totalsOf(db, mailing);
  expect(accepted).toBe(target.received.length);
  expect(accepted).toBeLessThan(20_000);

  await Promise.all(running.map((stop) => stop()));
  const cancelled = await aMailingToAll(db);
  await db.run(sql`update mailings set state = 'cancelled' where id = ${cancelled}`);
  send();
  // That is done before a sender asks for work, so it has looked around when this is over.
  await untilSettled(db, cancelled);
  expect(target.received).toHaveLength(accepted);
  await db.run(sql`update mailings set state = 'cancelled'`);
  await untilSettled(db, mailing);
});
