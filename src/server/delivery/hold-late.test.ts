import { afterEach, beforeEach, expect, test } from "vitest";
import { systemActor } from "#core/access/actor.ts";
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
import { sql } from "../platform/index.ts";
import { beat, decideLate } from "./hold-late.ts";
import { enqueueFromSql, ensureMailing, setMailingsOfJourney, startSender, verifyDelivery } from "./index.ts";
import { beginStop, endStop, getSendingPolicy, setSendingPolicy } from "./sending-policy.ts";
import { listHeld } from "./store.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let target: HostileSink;
let stop = async () => {};
beforeEach(async () => {
  platform = await createTestPlatform();
  target = await startHostileSink({});
  await aRoute(platform.db, { port: target.port });
});
afterEach(async () => {
  await stop();
  stop = async () => {};
  await target.close();
  expect(await verifyDelivery(platform.db)).toEqual([]);
  await platform.drop();
});

const ada = systemActor("Ada");
const send = () => {
  stop = startSender(platform, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 });
};
const journey = { id: "7", versionId: "77", nodeId: "a" };

/** As if everything that has been written down were so much older: planned, beaten, paused and stopped then. */
async function passHours(hours: number): Promise<void> {
  const ago = sql`make_interval(hours => ${hours}::int)`;
  await platform.db.run(
    sql`update delivery_chunks set planned_at = planned_at - ${ago}, available_at = available_at - ${ago}`,
  );
  await platform.db.run(sql`update sender_watch set beat_at = beat_at - ${ago}`);
  await platform.db.run(sql`update mailings set paused_at = paused_at - ${ago}`);
  await platform.db.run(
    sql`update settings set updated_at = updated_at - ${ago} where key = 'delivery.stopped'`,
  );
}

const held = () => listHeld(platform.db, undefined);
const untilHeld = (messages: number) =>
  until(`${messages} are held`, async () => (await held())[0]?.lateMessages === messages);

test("[D72] F-47: what was planned before a long outage waits for a person, who sends it", async () => {
  const { db } = platform;
  await someContacts(db, 1500);
  const mailing = await aMailingToAll(db);
  await passHours(48);
  send();
  await untilHeld(1500);
  expect(await held()).toMatchObject([{ mailingId: mailing, isPaused: false, reason: "", queued: 1500 }]);
  // What is planned now leaves meanwhile, also of the same mailing.
  await db.transaction((tx) =>
    enqueueFromSql(tx, {
      mailingId: mailing,
      from: sql`select id as contact_id, id + 1000000 as visit_id from contacts limit 10`,
    }),
  );
  await until("the new ones left", async () => (await totalsOf(db, mailing))["accepted"] === 10);
  expect(target.received).toHaveLength(10);
  await decideLate(db, ada, mailing, "send");
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 1510, accepted: 1510 });
  expect(await held()).toEqual([]);
  expect(await db.rows(sql`select action, details from audit_log where action like 'mailing.%'`)).toEqual([
    { action: "mailing.late-sent", details: { messages: 1500 } },
  ]);
  await expect(decideLate(db, ada, mailing, "send")).rejects.toMatchObject({ code: "delivery.nothing-late" });
});

test("[D72] what a person skips is skipped for being late, and an outage within the grace holds nothing", async () => {
  const { db } = platform;
  await someContacts(db, 5);
  const mailing = await aMailingToAll(db);
  await passHours(3);
  send();
  await untilHeld(5);
  await decideLate(db, ada, mailing, "skip");
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 5, skipped: 5 });
  expect(await db.rows(sql`select distinct outcome, reason from delivery_log`)).toEqual([
    { outcome: "skipped", reason: "late" },
  ]);
  await stop();
  const other = await aMailingToAll(db);
  await passHours(1);
  send();
  await untilSettled(db, other);
  expect(await totalsOf(db, other)).toEqual({ queued: 5, accepted: 5 });
});

test("[D72] an outage in the middle of a mailing holds what had not been begun", async () => {
  const { db } = platform;
  await someContacts(db, 1000);
  await db.run(sql`update routes set messages_per_second = 40`);
  const mailing = await aMailingToAll(db);
  send();
  await until("some left", async () => ((await totalsOf(db, mailing))["accepted"] ?? 0) > 20);
  await stop();
  const { accepted = 0 } = await totalsOf(db, mailing);
  await passHours(30);
  await db.run(sql`update routes set messages_per_second = null`);
  send();
  await untilHeld(1000 - accepted);
  await decideLate(db, ada, mailing, "send");
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 1000, accepted: 1000 });
  expect(new Set(target.received.map(({ to }) => String(to))).size).toBe(1000);
});

test("[D72] a backlog of a slow route is not late, however old, while a sender was there all along", async () => {
  const { db } = platform;
  await someContacts(db, 20);
  const mailing = await aMailingToAll(db);
  await beat(db);
  await db.run(sql`update delivery_chunks set planned_at = now() - interval '5 days'`);
  send();
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 20, accepted: 20 });
});

test("[D72] a journey that was paused for weeks does not send all it missed when it is resumed", async () => {
  const { db } = platform;
  await someContacts(db, 20);
  const mailing = await aMailingToAll(db, { journey });
  await setMailingsOfJourney(db, "77", "pause");
  await passHours(21 * 24);
  await beat(db);
  await db.transaction((tx) => setMailingsOfJourney(tx, "77", "resume"));
  expect(await listHeld(db, "7")).toMatchObject([{ mailingId: mailing, lateMessages: 20 }]);
  expect(await listHeld(db, "8")).toEqual([]);
  send();
  // A pause that is short holds nothing more, and lets nothing go that is held.
  await setMailingsOfJourney(db, "77", "pause");
  // What only waits for its journey is not offered to go on by itself.
  expect(await held()).toMatchObject([{ isPaused: false, reason: "", lateMessages: 20 }]);
  await db.transaction((tx) => setMailingsOfJourney(tx, "77", "resume"));
  expect((await held())[0]?.lateMessages).toBe(20);
  await setMailingsOfJourney(db, "77", "cancel");
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 20, skipped: 20 });
  expect(await held()).toEqual([]);
});

test("[D72] all sending that was stopped for long goes on without what is late", async () => {
  const { db } = platform;
  await someContacts(db, 20);
  const mailing = await aMailingToAll(db);
  await beginStop(db, { by: "Ada", at: new Date().toISOString() });
  await passHours(5);
  await beat(db);
  await db.transaction(endStop);
  send();
  await untilHeld(20);
  await decideLate(db, ada, mailing, "send");
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: 20, accepted: 20 });
});

test("[D72] what is handed over late is held at once, and the rest of it is not", async () => {
  const { db } = platform;
  await someContacts(db, 3000);
  const settings = await getSendingPolicy(db);
  await setSendingPolicy(db, { ...settings, lateAfterMinutes: 30 });
  const first = await aMailingToAll(db);
  await db.run(sql`update delivery_chunks set finished_at = now(), intended = size`);
  await db.run(sql`delete from mailing_totals`);
  await db.run(sql`delete from delivery_chunks`);
  const mailing = await db.transaction(async (tx) => {
    const version = await tx.first<{ id: string }>(
      sql`select message_version_id as id from mailings where id = ${first}`,
    );
    const id = await ensureMailing(tx, { kind: "test", messageVersionId: version?.id ?? "" });
    await enqueueFromSql(tx, {
      mailingId: id,
      isPlanned: true,
      lifetimeSeconds: 7200,
      from: sql`select id as contact_id, id as visit_id,
        case when id % 3 = 0 then now() - interval '1 hour' else now() - interval '1 minute' end as planned_at from contacts`,
    });
    return id;
  });
  expect(
    await db.rows(sql`
      select late, sum(size)::int as size, bool_and(expires_at = planned_at + interval '2 hours') as expires
      from delivery_chunks group by late order by late nulls last`),
  ).toEqual([
    { late: "held", size: 1000, expires: true },
    { late: null, size: 2000, expires: true },
  ]);
  send();
  await until("the rest left", async () => (await totalsOf(db, mailing))["accepted"] === 2000);
  // What expires while it waits for a person is skipped as expired.
  await db.run(sql`update delivery_chunks set expires_at = now() where late = 'held'`);
  await untilSettled(db, mailing);
  expect(await db.rows(sql`select distinct reason from delivery_log where outcome = 'skipped'`)).toEqual([
    { reason: "expired" },
  ]);
});
