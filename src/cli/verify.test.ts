import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyTile } from "#test/every-tile-journey.ts";
import { createTestPlatform } from "#test/mailing.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { plainAudience } from "#test/running-journey.ts";
import { recordConsent } from "../server/consent/index.ts";
import { createLoader } from "../server/journeys/live-journey.ts";
import { runDueVisits } from "../server/journeys/run-due-visits.ts";
import { type Queries, type Sql, sql } from "../server/platform/index.ts";
import { createTracking, loadTrackingKeys } from "../server/tracking/index.ts";
import { proveAll } from "./verify.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;

/** A database in which something is kept of everything: a journey under way, mail sent, read and consented to. */
beforeAll(async () => {
  platform = await createTestPlatform();
  const { db, news } = platform;
  const load = createLoader();
  await everyTile(db, 6);
  for (;;) {
    const { entered, moved } = await runDueVisits(
      { db, clock: platform.clock, audience: plainAudience },
      load,
    );
    if (entered + moved === 0) break;
  }
  const contactIds = await someContacts(db, ["ana@example.org", "bob@example.org"]);
  const links = [{ number: 1, url: "https://shop.example.com/" }];
  const { deliveryIds } = await aMailing(db, { contactIds, links });
  const tracking = await createTracking(platform, await loadTrackingKeys(platform));
  const hit = { at: new Date("2026-03-02T09:10:00Z"), deliveryId: deliveryIds[0] ?? "" };
  await db.run(sql`insert into topics (name) values ('News')`);
  await db.transaction(async (tx) => {
    await tracking.recordInteractions(tx, [
      { ...hit, hitId: randomUUID(), kind: "open" },
      { ...hit, hitId: randomUUID(), kind: "click", linkNumber: 1 },
    ]);
    const entry = { addressKey: "ana@example.org", topicId: "1", source: "form" } as const;
    await recordConsent(news, tx, [{ ...entry, kind: "granted" }]);
    await recordConsent(news, tx, [{ ...entry, kind: "withdrawn" }]);
  });
});
afterAll(() => platform.drop());

async function linesOf(db: Queries): Promise<{ holds: boolean; lines: string[] }> {
  const lines: string[] = [];
  const holds = await proveAll(db, (line) => lines.push(line));
  return { holds, lines };
}

/** What is said after this was done to the database, which is then undone. */
async function linesAfter(tampering: Sql): Promise<{ holds: boolean; lines: string[] }> {
  let said = { holds: true, lines: [""] };
  const undo = new Error("undo");
  await platform.db
    .transaction(async (tx) => {
      // By hand is by whoever owns the table: no trigger keeps the owner from it.
      await tx.run(sql`alter table delivery_log disable trigger delivery_log_keeps_fates`);
      expect(await tx.run(tampering)).toBeGreaterThan(0);
      said = await linesOf(tx);
      throw undo;
    })
    .catch((error: unknown) => expect(error).toBe(undo));
  return said;
}

/** Mail to Ana and Bob is begun this moment, after something was done. */
const begunAfter = (done: Sql) => sql`
  with ${done}, given as (insert into delivery_contexts (hash, context) values ('x', '{}') returning id)
  insert into delivery_snapshots (chunk_id, first_place, last_place, context_id, data)
  select distinct delivery_id / 1024, 0, 1, given.id, ''::bytea from delivery_log, given where address = 'bob@example.org'`;

/** The same, and Bob's address was stopped at another moment, perhaps until one. */
const stoppedThen = (since: Sql, liftedAt = sql`null`) =>
  begunAfter(sql`stopped as (
    insert into suppressions (address_key, category, reason, source, since, lifted_at)
    values ('bob@example.org', 'manual', 'Asked to', 'person', ${since}, (${liftedAt})::timestamptz))`);

/** The same, and Bob took his consent to a topic back. */
const withdrawn = (topic: number) => sql`taken_back as (
  insert into consents (address_key, topic_id, granted, since, event_id)
  values ('bob@example.org', ${topic}, false, now() - interval '2 minutes', 1))`;

const aSenderLives = sql`
  insert into settings (key, value) values ('instance.identity', '{"id": "x", "epoch": 1, "place": ""}')
  on conflict (key) do update set updated_at = now()`;
const aRoad = sql`
  insert into routes (name, host, port, tls, is_default) values ('Road', '127.0.0.1', 25, 'none', true) returning id`;

/** One delivery has no fate and is put off: lease_owner, lease_until and next_at are given. */
const putOff = (lease: Sql) => sql`
  insert into delivery_retries (delivery_id, mailing_id, contact_id, visit_id, address, attempts, last_reply, expires_at,
    lease_owner, lease_until, next_at)
  select delivery_id, mailing_id, contact_id, visit_id, address, 1, '', now() + interval '1 day', ${lease}
  from delivery_log order by delivery_id desc limit 1`;

describe("postroad verify", () => {
  test("every proof holds on what the product wrote", async () => {
    const { holds, lines } = await linesOf(platform.db);
    expect(lines.map((line) => line.slice(0, 11).trim())).toEqual([
      "✓ delivery",
      "✓ wishes",
      "✓ progress",
      "✓ instance",
      "✓ tracking",
      "✓ journeys",
      "✓ consent",
    ]);
    expect(holds).toBe(true);
  });

  test.each<[table: string, proof: string, tampering: Sql]>([
    ["mailing_totals", "delivery", sql`update mailing_totals set total = total + 1`],
    ["delivery_log", "delivery", sql`delete from delivery_log`],
    ["delivery_log", "delivery", sql`update delivery_log set contact_id = contact_id + 100`],
    ["delivery_chunks", "delivery", sql`delete from delivery_chunks`],
    ["delivery_chunks", "delivery", sql`update delivery_chunks set finished_at = now()`],
    [
      "delivery_retries",
      "delivery",
      sql`insert into delivery_retries (delivery_id, mailing_id, contact_id, visit_id, address, attempts, next_at, last_reply, expires_at)
        select delivery_id, mailing_id, contact_id, visit_id, address, 1, now(), '', now() from delivery_log`,
    ],
    ["suppressions", "wishes", stoppedThen(sql`now() - interval '2 minutes'`)],
    ["consents", "wishes", begunAfter(withdrawn(0))],
    ["consents", "wishes", begunAfter(sql`${withdrawn(1)}, of_topic as (update mailings set topic_id = 1)`)],
    [
      "delivery_chunks",
      "progress",
      sql`with living as (${aSenderLives})
        update delivery_chunks set finished_at = null, lease_owner = 'gone', lease_until = now() - interval '121 seconds'`,
    ],
    [
      "delivery_retries",
      "progress",
      sql`with living as (${aSenderLives}) ${putOff(sql`'gone', now() - interval '121 seconds', now()`)}`,
    ],
    [
      "delivery_retries",
      "progress",
      sql`with living as (${aSenderLives}), road as (${aRoad}), former as (update delivery_log set at = now() - interval '1 day')
        ${putOff(sql`null, null, now() - interval '73 minutes'`)}`,
    ],
    [
      "delivery_chunks",
      "progress",
      sql`with living as (${aSenderLives}), road as (${aRoad}), former as (update delivery_log set at = now() - interval '1 day')
        update delivery_chunks set finished_at = null, available_at = now() - interval '73 minutes'`,
    ],
    ["interaction_totals", "tracking", sql`update interaction_totals set firsts = firsts + 1`],
    ["interaction_totals", "tracking", sql`delete from interaction_totals where link_number = 1`],
    ["interaction_hours", "tracking", sql`update interaction_hours set hour = hour + interval '1 hour'`],
    ["interactions", "tracking", sql`delete from interactions where kind = 'open'`],
    ["journey_node_totals", "journeys", sql`update journey_node_totals set total = total - 1`],
    ["journey_visits", "journeys", sql`update journey_visits set finished_at = now(), finish_reason = 'end'`],
    ["journey_passages", "journeys", sql`delete from journey_passages where step = 1`],
    ["consents", "consent", sql`update consents set granted = true`],
    ["consents", "consent", sql`update consents set since = since - interval '1 day'`],
    ["consents", "consent", sql`delete from consents`],
    [
      "consent_events",
      "consent",
      sql`insert into consent_events (address_key, kind, source) values ('bob@example.org', 'withdrawn', 'person')`,
    ],
  ])("what was changed by hand in %s is reported by the proof of %s", async (_table, proof, tampering) => {
    const { holds, lines } = await linesAfter(tampering);
    expect(holds).toBe(false);
    const place = lines.findIndex((line) => line.startsWith(`✗ ${proof}`));
    expect(lines[place + 1]).toMatch(/^ {4}\w.*\.$/);
  });

  test.each<[what: string, harmless: Sql]>([
    ["a stop in the same minute", stoppedThen(sql`now() - interval '59 seconds'`)],
    [
      "a stop that had been lifted",
      stoppedThen(sql`now() - interval '2 minutes'`, sql`now() - interval '1 minute'`),
    ],
    ["a lease whose sender died when no other lives", putOff(sql`'gone', now() - interval '1 day', now()`)],
    [
      "what is due while its route is in trouble",
      sql`with living as (${aSenderLives}), road as (${aRoad}), former as (update delivery_log set at = now() - interval '1 day'),
        broken as (insert into route_troubles (route_id, phase, message, failures, retry_at)
          select id, 'connect', 'no answer', 9, now() from road)
        ${putOff(sql`null, null, now() - interval '73 minutes'`)}`,
    ],
  ])("[D63] [D64] %s is no contradiction", async (_what, harmless) => {
    const { lines } = await linesAfter(harmless);
    expect(lines.filter((line) => /^[✓✗] (wishes|progress)/.test(line)).map((line) => line[0])).toEqual([
      "✓",
      "✓",
    ]);
  });

  test("no more than 20 contradictions are shown, and how many more there are", async () => {
    const { lines } = await linesAfter(sql`
      insert into consent_events (address_key, kind, source)
      select 'c' || n || '@example.org', 'withdrawn', 'person' from generate_series(1, 25) n`);
    expect(lines.at(-1)).toBe("    … and 5 more.");
    expect(lines.filter((line) => line.startsWith("    Address"))).toHaveLength(20);
  });
});
