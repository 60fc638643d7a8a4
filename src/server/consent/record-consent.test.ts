import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { createLog, createNews, type News, sql } from "../platform/index.ts";
import { type ConsentEntry, recordConsent } from "./record-consent.ts";
import { suppress } from "./suppress.ts";
import { verifyConsent } from "./verify-consent.ts";

let world: TestDatabase;
let news: News;
beforeAll(async () => {
  world = await createTestDatabase();
  await world.db.run(sql`insert into topics (name) values ('News'), ('Offers')`);
});
beforeEach(async () => {
  news = createNews(world.db, createLog("silent"));
  await world.db.pool.query("truncate consent_events, consents, suppressions, contacts, news cascade");
});
afterAll(() => world.drop());

const record = (...entries: ConsentEntry[]) => world.db.transaction((tx) => recordConsent(news, tx, entries));
const fold = () =>
  world.db.rows<{ addressKey: string; topicId: string; granted: boolean }>(sql`
    select address_key as "addressKey", topic_id as "topicId", granted from consents order by 1, 2`);
const granted: ConsentEntry = {
  addressKey: "ana@example.com",
  topicId: "1",
  kind: "granted",
  source: "form",
};
const withdrawn: ConsentEntry = { ...granted, kind: "withdrawn", source: "one-click" };

/** The fold as [C3] defines it, read off the ledger row by row. */
async function foldOfLedger() {
  const events = await world.db.rows<{
    addressKey: string;
    topicId: string;
    kind: string;
    source: string;
  }>(sql`
    select address_key as "addressKey", coalesce(topic_id, 0)::text as "topicId", kind, source
    from consent_events order by id`);
  const states = new Map<string, { addressKey: string; topicId: string; granted: boolean }>();
  for (const { addressKey, topicId, kind, source } of events) {
    const key = JSON.stringify([addressKey, topicId]);
    const isGrant = kind === "granted";
    if (isGrant && source === "import" && states.get(key)?.granted === false) continue;
    states.set(key, { addressKey, topicId, granted: isGrant });
  }
  return [...states.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
}

test("[C2] the database refuses to change or delete what is in the ledger", async () => {
  await record(granted);
  await expect(world.db.run(sql`update consent_events set kind = 'withdrawn'`)).rejects.toThrow("only grows");
  await expect(world.db.run(sql`delete from consent_events`)).rejects.toThrow("only grows");
});

test("[C3] after any events in any batches the fold is what the ledger says", async () => {
  const entry = fc.record<ConsentEntry>({
    addressKey: fc.constantFrom("a", "b", "c"),
    topicId: fc.constantFrom(null, "1", "2"),
    kind: fc.constantFrom("granted", "withdrawn"),
    source: fc.constantFrom("form", "import"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(entry, { maxLength: 6 }), { maxLength: 6 }), async (batches) => {
      await world.db.pool.query("truncate consent_events, consents");
      for (const batch of batches) await record(...batch);
      expect(await fold()).toEqual(await foldOfLedger());
      expect(await verifyConsent(world.db)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("[C3] batches that run at the same time leave the fold equal to the ledger", async () => {
  const kinds = ["granted", "withdrawn"] as const;
  const sources = ["form", "import"] as const;
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      record(
        ...["c", "a", "b"].map((addressKey) => ({
          addressKey,
          topicId: "1",
          kind: kinds[n % 2] ?? "granted",
          source: sources[Math.floor(n / 2) % 2] ?? "form",
        })),
      ),
    ),
  );
  expect(await fold()).toEqual(await foldOfLedger());
});

test("[C4] what was shown, where it came from and when is kept", async () => {
  const at = new Date("2024-05-01T10:00:00Z");
  await record({ ...granted, wording: "Yes, news", ip: "192.0.2.1", actor: "ana", deliveryId: "1025", at });
  expect(
    await world.db.first(sql`select wording, ip, actor, delivery_id, at, source from consent_events`),
  ).toEqual({
    wording: "Yes, news",
    ip: "192.0.2.1",
    actor: "ana",
    delivery_id: "1025",
    at,
    source: "form",
  });
});

test("[C6] an import brings back nobody who withdrew, and adds nothing where consent stands", async () => {
  const imported: ConsentEntry = { ...granted, source: "import" };
  expect(await record(imported)).toBe(1);
  expect(await record(imported)).toBe(0);
  await record(withdrawn);
  expect(await record(imported)).toBe(0);
  expect(await fold()).toEqual([{ addressKey: "ana@example.com", topicId: "1", granted: false }]);
  const optedOut = { ...withdrawn, addressKey: "bob@example.com", topicId: null };
  await record(optedOut);
  expect(await record({ ...imported, addressKey: "bob@example.com" })).toBe(0);
  expect(await record(granted)).toBe(1);
  expect((await fold())[0]?.granted).toBe(true);
});

test("[C7] a withdrawal is published with the contact, in the same transaction", async () => {
  await world.db.run(sql`insert into contacts (id, email, email_key) overriding system value
    values (7, 'Ana@example.com', 'ana@example.com')`);
  const heard: unknown[] = [];
  news.subscribe("listener", ["consent.withdrawn"], async (_tx, items) => {
    heard.push(...items.map(({ kind, payload }) => ({ kind, payload })));
  });
  await record(granted);
  await record(withdrawn, { ...withdrawn, addressKey: "nobody@example.com", topicId: null });
  const failing = world.db.transaction(async (tx) => {
    await recordConsent(news, tx, [withdrawn]);
    throw new Error("later");
  });
  await expect(failing).rejects.toThrow("later");
  await news.deliver("listener");
  expect(heard).toEqual([
    {
      kind: "consent.withdrawn",
      payload: { addressKey: "ana@example.com", topicId: "1", contactId: "7" },
    },
    {
      kind: "consent.withdrawn",
      payload: { addressKey: "nobody@example.com", topicId: null, contactId: null },
    },
  ]);
});

test("[C15] [C16] suppressing again keeps the longer term; what has expired stays as history", async () => {
  const day = (n: number) => new Date(Date.now() + n * 86_400_000);
  const add = (expiresAt: Date | null) =>
    world.db.transaction((tx) =>
      suppress(tx, [
        { addressKey: "a", category: "soft-bounce", reason: "5 in a row", source: "bounce", expiresAt },
      ]),
    );
  const active = () =>
    world.db.rows<{ expiresAt: Date | null }>(
      sql`select expires_at as "expiresAt" from suppressions where lifted_at is null`,
    );
  const [soon, far] = [day(7), day(30)];
  expect(await add(far)).toBe(1);
  expect(await add(soon)).toBe(0);
  expect(await active()).toEqual([{ expiresAt: far }]);
  expect(await add(null)).toBe(0);
  expect(await active()).toEqual([{ expiresAt: null }]);
  await world.db.run(sql`update suppressions set expires_at = ${day(-1)}`);
  expect(await add(soon)).toBe(1);
  expect(await active()).toEqual([{ expiresAt: soon }]);
  expect(await world.db.rows(sql`select 1 from suppressions`)).toHaveLength(2);
});
