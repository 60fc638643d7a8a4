import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemActor } from "#core/access/actor.ts";
import { signUrl } from "#core/tracking/signed-text.ts";
import { mintTokens } from "#core/tracking/tokens.ts";
import { createHttp } from "#server/platform/http/implement.ts";
import { createWebServer } from "#server/platform/http/server.ts";
import {
  createJobs,
  createLog,
  createNews,
  createSecrets,
  manualClock,
  openDatabase,
  type Platform,
  readConfig,
  sql,
} from "#server/platform/index.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { type SeverableDatabase, severable } from "#test/severable-database.ts";
import { createTracking, loadTrackingKeys, type Tracking, verifyTracking } from "./index.ts";

const browser =
  "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
const start = new Date("2026-03-02T09:00:00Z");

let database: TestDatabase;
let door: SeverableDatabase;
let directory: string;
let platform: Platform;
let clock: ReturnType<typeof manualClock>;
let tracking: Tracking;
let app: FastifyInstance;

async function open(): Promise<void> {
  tracking = await createTracking(platform, await loadTrackingKeys(platform));
  app = await createWebServer(platform);
  tracking.routes(createHttp(app, async () => undefined));
}

beforeEach(async () => {
  database = await createTestDatabase();
  door = await severable(database.url);
  directory = mkdtempSync(join(tmpdir(), "postroad-tracking-"));
  clock = manualClock(start);
  const log = createLog("silent");
  const db = openDatabase(door.url, log, 5);
  platform = {
    db,
    clock,
    log,
    config: readConfig({ POSTROAD_DATA: directory }),
    secrets: createSecrets(Buffer.alloc(32, 7)),
    jobs: createJobs(db, log),
    news: createNews(db, log),
  };
  await open();
});

afterEach(async () => {
  await app.close();
  await platform.db.close();
  await door.close();
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

const tokensOf = (deliveryId: string) => mintTokens(deliveryId, tracking.keys.current(), tracking.keys.mac);
const get = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: "GET", url, headers: { "user-agent": browser, ...headers } });
const waitFor = (seconds: number) => clock.advance(seconds * 1000);
async function flushAll(): Promise<void> {
  while ((await tracking.flush()) > 0);
}
const interactions = () =>
  database.db.rows<{
    kind: string;
    agent: string;
    link_number: number | null;
    is_first: boolean;
    contact_id: string;
  }>(sql`select kind, agent, link_number, is_first, contact_id from interactions order by at, id`);

const links = [
  { number: 1, url: "https://shop.example.com/a?x=1&y=2" },
  { number: 2, url: "https://shop.example.com/b" },
  { number: 3, url: "https://shop.example.com/c" },
  { number: 4, url: null },
];

describe("a click", () => {
  test("[T1] goes to the link's address and is counted once, whatever is flushed twice", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    const { read } = tokensOf(mailing.deliveryIds[0] ?? "");
    const answer = await get(`/c/${read}/1`);
    expect(answer.statusCode).toBe(302);
    expect(answer.headers.location).toBe("https://shop.example.com/a?x=1&y=2");
    expect(answer.headers["cache-control"]).toContain("no-store");
    expect(answer.headers["referrer-policy"]).toBe("no-referrer");
    waitFor(6);
    await flushAll();
    await flushAll();
    expect(await interactions()).toEqual([
      { kind: "click", agent: "human", link_number: 1, is_first: true, contact_id: ana },
    ]);
    expect(await verifyTracking(database.db)).toEqual([]);
  });

  test("[T3] is not judged before every burst it could belong to is over; then the whole burst is a machine's", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    const { read } = tokensOf(mailing.deliveryIds[0] ?? "");
    await get(`/c/${read}/1`);
    waitFor(2);
    await get(`/c/${read}/2`);
    await flushAll();
    expect(await interactions()).toEqual([]);
    waitFor(2);
    await get(`/c/${read}/3`);
    waitFor(1.5);
    await flushAll();
    waitFor(6);
    await flushAll();
    expect((await interactions()).map(({ agent }) => agent)).toEqual(["machine", "machine", "machine"]);
  });

  test("[T4] with a personalised address goes there, but only for the delivery it was signed for", async () => {
    const [ana = "", ben = ""] = await someContacts(database.db, ["ana@example.com", "ben@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana, ben], links });
    const [first = "", second = ""] = mailing.deliveryIds;
    const { mac, current } = tracking.keys;
    const personal = signUrl("https://shop.example.com/ana?size=ö", first, current(), mac);
    const answer = await get(`/c/${tokensOf(first).read}/4/${personal}`);
    expect(answer.headers.location).toBe("https://shop.example.com/ana?size=%C3%B6");
    expect((await get(`/c/${tokensOf(second).read}/4/${personal}`)).statusCode).toBe(404);
    expect((await get(`/c/${tokensOf(first).read}/4`)).statusCode).toBe(404);
  });

  test("[T6] never leaves for an address that is not http or https, signed or not", async () => {
    const bad = [
      "javascript:alert(1)",
      "data:text/html,x",
      "//evil.example",
      "https://a@evil.example",
      "file:///etc",
    ];
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, {
      contactIds: [ana],
      links: bad.map((url, index) => ({ number: index + 1, url })),
    });
    const [id = ""] = mailing.deliveryIds;
    for (const [index, url] of bad.entries()) {
      expect((await get(`/c/${tokensOf(id).read}/${index + 1}`)).statusCode).toBe(404);
      const personal = signUrl(url, id, tracking.keys.current(), tracking.keys.mac);
      expect((await get(`/c/${tokensOf(id).read}/1/${personal}`)).statusCode).toBe(404);
    }
    expect((await get(`/c/${tokensOf(id).manage}/1`)).statusCode).toBe(404);
    expect(
      (await get(`/c/${tokensOf(id).read}/1?url=https://evil.example`)).headers.location,
    ).toBeUndefined();
  });

  test("[T21] by HEAD redirects alike and is a machine's", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    const url = `/c/${tokensOf(mailing.deliveryIds[0] ?? "").read}/2`;
    const answer = await app.inject({ method: "HEAD", url, headers: { "user-agent": browser } });
    expect([answer.statusCode, answer.headers.location]).toEqual([302, "https://shop.example.com/b"]);
    waitFor(6);
    await flushAll();
    expect((await interactions()).map(({ agent }) => agent)).toEqual(["machine"]);
  });

  test("[T10] of a test send redirects and is counted nowhere", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links, kind: "test" });
    const answer = await get(`/c/${tokensOf(mailing.deliveryIds[0] ?? "").read}/1`);
    expect(answer.statusCode).toBe(302);
    waitFor(6);
    await flushAll();
    expect(await interactions()).toEqual([]);
  });
});

describe("an open", () => {
  test("[T1] is answered with a picture of one pixel, and the first one is told from the next", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    const url = `/o/${tokensOf(mailing.deliveryIds[0] ?? "").read}.gif`;
    const answer = await get(url);
    expect([answer.statusCode, answer.headers["content-type"], answer.rawPayload.length]).toEqual([
      200,
      "image/gif",
      42,
    ]);
    await get(url);
    waitFor(6);
    await flushAll();
    await get(url, { "user-agent": "Mozilla/5.0" });
    waitFor(6);
    await flushAll();
    expect((await interactions()).map(({ agent, is_first }) => [agent, is_first])).toEqual([
      ["human", true],
      ["human", false],
      ["machine", true],
    ]);
    const totals = await database.db.rows(
      sql`select kind, agent, total, firsts from interaction_totals order by agent`,
    );
    expect(totals).toEqual([
      { kind: "open", agent: "human", total: "2", firsts: "1" },
      { kind: "open", agent: "machine", total: "1", firsts: "1" },
    ]);
    expect(await verifyTracking(database.db)).toEqual([]);
  });

  test("[T5] with a wrong token gets the same picture and leaves nothing", async () => {
    const answer = await get(`/o/${"A".repeat(34)}.gif`);
    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "image/gif"]);
    await flushAll();
    expect(await interactions()).toEqual([]);
  });

  test("[T7] by nasty headers is stored and holds up nobody", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    const url = `/o/${tokensOf(mailing.deliveryIds[0] ?? "").read}.gif`;
    await get(url, { "user-agent": "a\u0000b\ud800'; drop table interactions; --" });
    await get(url);
    waitFor(6);
    await flushAll();
    expect((await interactions()).length).toBe(2);
  });
});

describe("while the database is away", () => {
  test("[T2] F-49: known links redirect, beacons answer, and everything is counted when it is back", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    const { read } = tokensOf(mailing.deliveryIds[0] ?? "");
    await tracking.refreshLinks();
    await door.sever();
    expect((await get(`/c/${read}/1`)).headers.location).toBe("https://shop.example.com/a?x=1&y=2");
    expect((await get(`/o/${read}.gif`)).statusCode).toBe(200);
    waitFor(6);
    await expect(tracking.flush()).rejects.toThrow();
    await door.restore();
    await flushAll();
    expect((await interactions()).map(({ kind }) => kind).sort()).toEqual(["click", "open"]);
  });

  test("[T2] a process that starts then still knows the links of the one before", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    const { read } = tokensOf(mailing.deliveryIds[0] ?? "");
    await tracking.refreshLinks();
    const { keys } = tracking;
    await door.sever();
    await app.close();
    tracking = await createTracking(platform, keys);
    app = await createWebServer(platform);
    tracking.routes(createHttp(app, async () => undefined));
    expect((await get(`/c/${read}/2`)).headers.location).toBe("https://shop.example.com/b");
    await door.restore();
  });

  test("[T2] a link that nobody here has heard of says to try again, and the hit is kept", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    await door.sever();
    const answer = await get(`/c/${tokensOf(mailing.deliveryIds[0] ?? "").read}/1`);
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "30"]);
    await door.restore();
    waitFor(6);
    await flushAll();
    expect((await interactions()).length).toBe(1);
  });
});

describe("the journal", () => {
  const hitFiles = () => readdirSync(join(directory, "hits")).filter((name) => name.endsWith(".log"));

  test("[T8] F-50: what a dead process left is taken over; a torn last record is ignored", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    const { read } = tokensOf(mailing.deliveryIds[0] ?? "");
    await get(`/o/${read}.gif`);
    const [own = ""] = hitFiles();
    const content = readFileSync(join(directory, "hits", own));
    waitFor(6);
    await flushAll();
    const gone = Number(execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }));
    const left = join(directory, "hits", own.replace(/-\d+-[a-z0-9]+-/, `-${gone}-0123456789-`));
    writeFileSync(left, content);
    appendFileSync(left, content.subarray(0, content.length - 3));
    await flushAll();
    expect((await interactions()).length).toBe(1);
    expect(hitFiles()).toEqual([own]);
  });

  test("[T8] a file of a process that lives is left alone", async () => {
    await get(`/o/${tokensOf("1025").read}.gif`);
    const [own = ""] = hitFiles();
    const living = own.replace(/-\d+-[a-z0-9]+-/, `-${process.ppid}-0123456789-`);
    writeFileSync(join(directory, "hits", living), "");
    await flushAll();
    expect(hitFiles()).toContain(living);
  });

  test("[T8] F-50: damage in the middle keeps the file for a person and loses nothing before it", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    await get(`/o/${tokensOf(mailing.deliveryIds[0] ?? "").read}.gif`);
    const [own = ""] = hitFiles();
    const content = readFileSync(join(directory, "hits", own));
    const damaged = Buffer.concat([content, content]);
    damaged.fill(0x20, content.length + 20, content.length + 30);
    const left = own.replace(/-\d+-[a-z0-9]+-/, "-999999999-0123456789-");
    writeFileSync(join(directory, "hits", left), damaged);
    waitFor(6);
    await flushAll();
    expect((await interactions()).length).toBe(1);
    expect(readdirSync(join(directory, "hits"))).toContain(`${left}.damaged`);
  });

  test("[T9] F-48: a thousand hits at once share few writes, and each is there", async () => {
    const contactIds = await someContacts(
      database.db,
      Array.from({ length: 100 }, (_, number) => `c${number}@example.com`),
    );
    const mailing = await aMailing(database.db, { contactIds, links });
    await Promise.all(
      Array.from({ length: 1000 }, (_, number) =>
        get(`/o/${tokensOf(mailing.deliveryIds[number % 100] ?? "").read}.gif`),
      ),
    );
    waitFor(6);
    await flushAll();
    const totals = await database.db.rows(sql`select total, firsts from interaction_totals`);
    expect(totals).toEqual([{ total: "1000", firsts: "100" }]);
    expect(await verifyTracking(database.db)).toEqual([]);
  });
});

describe("keys", () => {
  test("[T11] F-63: old links keep working after two rotations, and a new key signs once every process knows it", async () => {
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    const { read } = tokensOf(mailing.deliveryIds[0] ?? "");
    expect(await tracking.keys.rotate(systemActor("test"))).toBe(2);
    expect(tracking.keys.current()).toBe(1);
    await database.db.run(sql`update tracking_keys set created_at = now() - interval '2 minutes'`);
    await tracking.keys.rotate(systemActor("test"));
    await tracking.keys.refresh();
    expect(tracking.keys.current()).toBe(2);
    expect((await get(`/c/${read}/1`)).statusCode).toBe(302);
    const other = await loadTrackingKeys(platform);
    expect(mintTokens("1025", 3, other.mac)).toEqual(mintTokens("1025", 3, tracking.keys.mac));
  });

  test("[T11] the secret lies sealed in the database", async () => {
    const row = await database.db.first<{ secret_box: Buffer }>(sql`select secret_box from tracking_keys`);
    expect(row?.secret_box.length).toBe(12 + 16 + 64);
  });
});

describe("news", () => {
  test("[T12] a person's click is told to whoever asked, with what it was about", async () => {
    const heard: unknown[] = [];
    platform.news.subscribe("listener", ["contact.interacted"], async (_tx, items) => {
      heard.push(...items.map(({ payload }) => payload));
    });
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    await get(`/c/${tokensOf(mailing.deliveryIds[0] ?? "").read}/2`);
    waitFor(6);
    await flushAll();
    await platform.news.deliver("listener");
    expect(heard).toEqual([
      expect.objectContaining({
        kind: "click",
        agent: "human",
        contactId: ana,
        linkNumber: 2,
        mailingId: mailing.mailingId,
        messageId: mailing.messageId,
      }),
    ]);
  });

  test("[T12] nothing is told of an erased contact, whose hits still count", async () => {
    platform.news.subscribe("listener", ["contact.interacted"], async () => {});
    const [ana = ""] = await someContacts(database.db, ["ana@example.com"]);
    const mailing = await aMailing(database.db, { contactIds: [ana], links });
    await database.db.run(sql`delete from contacts`);
    await get(`/o/${tokensOf(mailing.deliveryIds[0] ?? "").read}.gif`);
    waitFor(6);
    await flushAll();
    expect((await interactions()).map(({ contact_id }) => contact_id)).toEqual(["0"]);
    expect(await database.db.rows(sql`select 1 from news`)).toEqual([]);
  });
});
