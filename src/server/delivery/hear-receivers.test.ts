import { afterEach, beforeEach, expect, test } from "vitest";
import { type HostileSink, type Moment, type Reaction, startHostileSink } from "#test/hostile-sink.ts";
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
import { listDomainPaces, setDomainPaces } from "./domain-paces.ts";
import { startSender, verifyDelivery } from "./index.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let target: HostileSink;
let react: (moment: Moment) => Reaction | undefined;
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  platform = await createTestPlatform();
  react = () => undefined;
  target = await startHostileSink({ react: (moment) => react(moment) });
  await aRoute(platform.db, { port: target.port });
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

/** Every third of so many contacts is at Gmail. */
async function contactsOfTwoDomains(count: number): Promise<void> {
  await someContacts(platform.db, count);
  await platform.db.run(sql`
    update contacts set email = replace(email, 'example.org', 'gmail.com'), email_key = replace(email_key, 'example.org', 'gmail.com')
    where id % 3 = 0`);
}

const retries = () =>
  platform.db.rows<{ attempts: number; pace: string | null; wait: number; last_reply: string }>(sql`
    select attempts, pace, extract(epoch from next_at - now())::float8 as wait, last_reply from delivery_retries`);

/** So many messages for Gmail are taken, and then one tenth of a second passes for each further one. */
function takesTenASecond(): (moment: Moment) => Reaction | undefined {
  let room = 20;
  let at = performance.now();
  return ({ name, text }) => {
    if (name !== "rcpt" || !text.includes("gmail.com")) return undefined;
    room = Math.min(20, room + (performance.now() - at) / 100);
    at = performance.now();
    if (room < 1) return "451 4.7.1 Rate limited, too many messages from you";
    room--;
    return undefined;
  };
}

test("[D110] [D112] a domain that says that mail comes too fast is slowed down for all, no other waits, and it ends", async () => {
  const { db } = platform;
  await contactsOfTwoDomains(900);
  react = takesTenASecond();
  const mailing = await aMailingToAll(db);
  send();
  send();
  await until("the others have theirs", async () => ((await totalsOf(db, mailing)).accepted ?? 0) >= 600);
  await until("it is slowed down", async () => (await listDomainPaces(db)).length > 0);
  const [pace] = await listDomainPaces(db);
  expect(pace).toMatchObject({
    name: "@gmail.com",
    isTemporary: true,
    slowed: { reply: "451 4.7.1 Rate limited, too many messages from you" },
  });
  // What it refused is tried again in a minute, what was not tried yet waits uncharged for its turn.
  await until("some wait", async () => (await retries()).some(({ pace: name }) => name === "@gmail.com"));
  for (const { attempts, pace: name, wait, last_reply } of await retries()) {
    if (name === null) expect(last_reply).toContain("Rate limited");
    if (name === null) expect(wait).toBeLessThan(75);
    else expect(attempts).toBeLessThan(2);
  }
  // An hour without another word.
  react = () => undefined;
  await db.run(sql`update domain_paces set slowed_at = slowed_at - interval '2 hours'`);
  await until("the pace has ended", async () => (await listDomainPaces(db)).length === 0);
  await db.run(sql`update delivery_retries set next_at = now() where lease_owner is null`);
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toMatchObject({ accepted: 900 });
});

test("[D111] a rule is halved, those that wait are called up as it grows, and saving rules ends what is temporary", async () => {
  const { db } = platform;
  await contactsOfTwoDomains(90);
  const rule = { name: "Gmail", domains: ["gmail.com"], messages: 3600, perSeconds: 3600 };
  await db.transaction((tx) => setDomainPaces(tx, [rule]));
  react = ({ name, text }) =>
    name === "rcpt" && text.includes("gmail.com") ? "421 4.7.28 Unusual rate of mail" : undefined;
  const mailing = await aMailingToAll(db);
  send();
  await until("it is slowed down", async () => (await listDomainPaces(db))[0]?.slowed !== null);
  const [slowed] = await listDomainPaces(db);
  expect(slowed).toMatchObject({ name: "Gmail", isTemporary: false, messages: 3600 });
  expect(slowed?.slowed?.perSecond).toBeLessThan(0.6);
  await until("they wait", async () => (await retries()).filter(({ pace }) => pace === "Gmail").length > 20);
  react = () => undefined;
  // The rule allows a hundred a second now, but their times were given when it was slow.
  await db.run(sql`
    update domain_paces set messages = 360000, slowed_to = 50, slowed_at = slowed_at - interval '1 hour'`);
  await until("they left", async () => (await retries()).every(({ pace }) => pace === null), 20_000);
  await until("it is whole", async () => {
    const row = await db.first(sql`select from domain_paces where slowed_at is null and slowed_by is null`);
    return row !== undefined;
  });
  await db.run(sql`
    insert into domain_paces (name, domains, messages, per_seconds, is_temporary, slowed_to, slowed_at, slowed_by)
    values ('@example.org', '{example.org}', 60, 60, true, 0.5, now(), '421 slow down')`);
  await db.transaction((tx) => setDomainPaces(tx, [rule]));
  expect((await listDomainPaces(db)).map(({ name }) => name)).toEqual(["@example.org", "Gmail"]);
  await db.transaction((tx) => setDomainPaces(tx, [{ ...rule, domains: ["gmail.com", "example.org"] }]));
  expect((await listDomainPaces(db)).map(({ name }) => name)).toEqual(["Gmail"]);
  await db.run(sql`update delivery_retries set next_at = now() where lease_owner is null`);
  await untilSettled(db, mailing);
});

test("[D110] greylisting waits for five minutes at least and slows nothing down", async () => {
  const { db } = platform;
  await someContacts(db, 10);
  const seen = new Set<string>();
  react = ({ name, text }) => {
    if (name !== "rcpt" || seen.has(text)) return undefined;
    seen.add(text);
    return "450 4.7.1 Greylisted, please try again in 20 seconds";
  };
  const mailing = await aMailingToAll(db);
  send();
  await until("all are put off", async () => (await retries()).length === 10);
  for (const { wait } of await retries()) expect(wait).toBeGreaterThan(290);
  expect(await listDomainPaces(db)).toEqual([]);
  await db.run(sql`update delivery_retries set next_at = now()`);
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toMatchObject({ accepted: 10 });
});

test("[D113] 421 in answer to a recipient closes the connection and counts as no attempt", async () => {
  const { db } = platform;
  await someContacts(db, 1);
  react = ({ name }) => (name === "rcpt" ? "421 4.3.2 shutting down" : undefined);
  const mailing = await aMailingToAll(db);
  send();
  await until("it is put off", async () => (await retries()).length === 1);
  const [row] = await retries();
  expect(row).toMatchObject({ attempts: 0, pace: null, last_reply: "421 4.3.2 shutting down" });
  expect(row?.wait).toBeGreaterThan(235);
  expect(target.commands.filter((line) => line.startsWith("MAIL"))).toHaveLength(1);
  react = () => undefined;
  await db.run(sql`update delivery_retries set next_at = now()`);
  await untilSettled(db, mailing);
  expect(await db.rows(sql`select attempts from delivery_log`)).toEqual([{ attempts: 1 }]);
});

test("[D113] 421 to the first MAIL of the only connection is the road's trouble and charges nobody", async () => {
  const { db } = platform;
  await someContacts(db, 20);
  react = ({ name }) => (name === "mail" ? "421 4.3.2 not now" : undefined);
  const mailing = await aMailingToAll(db);
  send();
  await until("the road rests", async () => {
    const trouble = await db.first(sql`select from route_troubles where phase = 'mail'`);
    return trouble !== undefined;
  });
  expect(await retries()).toEqual([]);
  react = () => undefined;
  await untilSettled(db, mailing);
  expect(await db.rows(sql`select distinct attempts, outcome from delivery_log`)).toEqual([
    { attempts: 1, outcome: "accepted" },
  ]);
});
