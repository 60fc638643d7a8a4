import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "parse5";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { compose, type Product } from "#server/compose.ts";
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
import { loadTrackingKeys, type TrackingKeys, verifyTracking } from "#server/tracking/index.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { databaseSnapshot } from "#test/database-snapshot.ts";
import { aMailing, type MailingFixture, someContacts } from "#test/mailings.ts";
import { type SeverableDatabase, severable } from "#test/severable-database.ts";
import { purgeForwards } from "./index.ts";

let database: TestDatabase;
let door: SeverableDatabase;
let directory: string;
let platform: Platform;
let clock: ReturnType<typeof manualClock>;
let product: Product;
let keys: TrackingKeys;

beforeEach(async () => {
  database = await createTestDatabase();
  door = await severable(database.url);
  directory = mkdtempSync(join(tmpdir(), "postroad-pages-"));
  clock = manualClock(new Date("2026-03-02T09:00:00Z"));
  const log = createLog("silent");
  const db = openDatabase(door.url, log, 5);
  platform = {
    db,
    clock,
    log,
    config: readConfig({ POSTROAD_DATA: directory, POSTROAD_PUBLIC_URL: "https://mail.example.com" }),
    secrets: createSecrets(Buffer.alloc(32, 7)),
    jobs: createJobs(db, log),
    news: createNews(db, log),
  };
  product = await compose(platform);
  keys = await loadTrackingKeys(platform);
});

afterEach(async () => {
  await product.app.close();
  await platform.db.close();
  await door.close();
  await database.drop();
  rmSync(directory, { recursive: true, force: true });
});

const tokensOf = (deliveryId = "") => mintTokens(deliveryId, keys.current(), keys.mac);
const get = (url: string) => product.app.inject({ method: "GET", url });
const post = (url: string, fields: Record<string, string> = {}, ip = "192.0.2.7") =>
  product.app.inject({
    method: "POST",
    url,
    remoteAddress: ip,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": "Mozilla/5.0 (X11) Firefox/128.0",
    },
    payload: new URLSearchParams(fields).toString(),
  });

/** The fields of the first form of a page, as a browser would send them back. */
function formOf(page: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of page.matchAll(/<input[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
    if (attribute("type") === "checkbox" && !/\schecked/.test(tag)) continue;
    fields[attribute("name") ?? ""] = attribute("value") ?? "";
  }
  return fields;
}

async function aTopic(name: string, isPublic = true): Promise<string> {
  const row = await database.db.first<{ id: string }>(
    sql`insert into topics (name, description, is_public) values (${name}, ${`All about ${name}`}, ${isPublic}) returning id`,
  );
  return row?.id ?? "";
}

async function aMessageTo(
  email: string,
  more: Partial<Parameters<typeof aMailing>[1]> = {},
): Promise<MailingFixture> {
  return aMailing(database.db, { contactIds: await someContacts(database.db, [email]), ...more });
}

const consents = () =>
  database.db.rows<{ address_key: string; topic_id: string; granted: boolean }>(
    sql`select address_key, topic_id, granted from consents order by address_key, topic_id`,
  );
const interactions = (kind: string) =>
  database.db.rows<{ contact_id: string; delivery_id: string | null; event_id: string | null }>(
    sql`select contact_id, delivery_id, event_id from interactions where kind = ${kind} order by id`,
  );

describe("every page", () => {
  test("[PG1] [PG2] is whole HTML without script, cookie or cache, and may not be framed", async () => {
    const { deliveryIds } = await aMessageTo("ana@example.com", { topicId: await aTopic("News") });
    const { manage, forward } = tokensOf(deliveryIds[0]);
    for (const url of [
      "/p",
      `/p/${manage}`,
      `/u/${manage}`,
      `/f/${forward}`,
      "/p/wrong",
      "/u/wrong",
      "/f/wrong",
      "/e/none",
    ]) {
      const page = await get(url);
      expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
      expect(page.headers["cache-control"]).toContain("no-store");
      expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
      expect(page.headers["set-cookie"]).toBeUndefined();
      expect(page.body).not.toMatch(/<script|\son\w+=/);
      expect(
        JSON.stringify(parse(page.body), (key, value: unknown) => (key === "parentNode" ? undefined : value)),
      ).toContain('"h1"');
    }
  });

  test("[PG7] no GET or HEAD changes anything", async () => {
    const { deliveryIds } = await aMessageTo("ana@example.com", { topicId: await aTopic("News") });
    const { manage, forward, read } = tokensOf(deliveryIds[0]);
    const slug = await anOpenEvent();
    await post(`/e/${slug}?c=${read}`, formOf((await get(`/e/${slug}?c=${read}`)).body));
    const registration = await post(`/e/${slug}?c=${read}`, formOf((await get(`/e/${slug}?c=${read}`)).body));
    const place = String(registration.headers.location);
    const before = await databaseSnapshot(database.db);
    for (const url of [
      "/p",
      `/p/${manage}`,
      `/u/${manage}`,
      `/f/${forward}`,
      `/e/${slug}`,
      `/e/${slug}?c=${read}`,
      place,
      `${place}/cancel`,
      `${place}/calendar.ics`,
    ])
      for (const method of ["GET", "HEAD"] as const)
        expect((await product.app.inject({ method, url })).statusCode).toBe(200);
    expect(await databaseSnapshot(database.db)).toEqual(before);
  });

  test("[T5] a token of another purpose, a changed one and somebody else's say the same", async () => {
    const { deliveryIds } = await aMessageTo("ana@example.com");
    const { read, manage } = tokensOf(deliveryIds[0]);
    for (const url of [`/p/${read}`, `/u/${read}`, `/f/${manage}`, `/p/${manage.slice(0, -2)}AA`])
      expect((await get(url)).statusCode).toBe(404);
  });
});

describe("the subscription centre", () => {
  test("[PG3] knows the contact by the link, shows no whole address, and saves what is ticked with its wording", async () => {
    const [news, offers] = [await aTopic("News"), await aTopic("Offers")];
    await aTopic("Secret", false);
    const { deliveryIds } = await aMessageTo("ana@example.com", { topicId: news });
    const url = `/p/${tokensOf(deliveryIds[0]).manage}`;
    const page = await get(url);
    expect(page.body).toContain("a•••@e•••.com");
    expect(page.body).not.toContain("ana@example.com");
    expect(page.body).not.toContain("Secret");
    const saved = await post(url, { ...formOf(page.body), [`topic_${offers}`]: "on" });
    expect(saved.statusCode).toBe(200);
    expect(saved.body).toContain("Your choice is saved.");
    expect(await consents()).toEqual([{ address_key: "ana@example.com", topic_id: offers, granted: true }]);
    const ledger = await database.db.rows(
      sql`select kind, source, wording, ip, delivery_id from consent_events`,
    );
    expect(ledger).toEqual([
      {
        kind: "granted",
        source: "subscription-centre",
        wording: "Offers: All about Offers",
        ip: "192.0.2.7",
        delivery_id: deliveryIds[0],
      },
    ]);
    expect((await post(url, formOf(saved.body))).body).toContain("Nothing has changed.");
  });

  test("[PG5] do not email me stops all, and unticking it subscribes again", async () => {
    const news = await aTopic("News");
    const { deliveryIds } = await aMessageTo("ana@example.com", { topicId: news });
    const url = `/p/${tokensOf(deliveryIds[0]).manage}`;
    const stopped = await post(url, { ...formOf((await get(url)).body), none: "on" });
    expect((await consents())[0]).toEqual({ address_key: "ana@example.com", topic_id: "0", granted: false });
    expect((await interactions("unsubscribe")).length).toBe(1);
    const again = formOf(stopped.body);
    delete again.none;
    await post(url, again);
    expect((await consents())[0]?.granted).toBe(true);
    expect((await interactions("unsubscribe")).length).toBe(1);
  });

  test("[PG5] topics that were not on the form cannot be changed through it", async () => {
    const secret = await aTopic("Secret", false);
    const news = await aTopic("News");
    const { deliveryIds } = await aMessageTo("ana@example.com");
    const url = `/p/${tokensOf(deliveryIds[0]).manage}`;
    await post(url, { [`shown_${secret}`]: "1", [`topic_${secret}`]: "on", [`topic_${news}`]: "on" });
    expect(await consents()).toEqual([]);
  });

  test("without a link says how to get one", async () => {
    expect((await get("/p")).body).toContain("open any email from us");
  });

  test("[T10] of a test message does nothing", async () => {
    const { deliveryIds } = await aMessageTo("ana@example.com", { kind: "test" });
    const { manage, forward } = tokensOf(deliveryIds[0]);
    for (const url of [`/p/${manage}`, `/f/${forward}`]) {
      expect((await get(url)).body).toContain("This was a test message");
      expect((await post(url, { none: "on", email_1: "b@example.com" })).body).toContain(
        "This was a test message",
      );
    }
    expect((await post(`/u/${manage}`)).statusCode).toBe(200);
    expect(await consents()).toEqual([]);
  });
});

describe("one-click unsubscribe", () => {
  const gmail = { "List-Unsubscribe": "One-Click" };

  test("[PG4] works as form and as multipart, twice is once, and only for the topic", async () => {
    const news = await aTopic("News");
    const { deliveryIds, contactIds } = await aMessageTo("ana@example.com", { topicId: news });
    const url = `/u/${tokensOf(deliveryIds[0]).manage}`;
    const boundary = "----x";
    const multipart = await product.app.inject({
      method: "POST",
      url,
      headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
      payload: `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`,
    });
    expect([multipart.statusCode, multipart.headers.location]).toEqual([200, undefined]);
    const [one, two] = await Promise.all([post(url, gmail), post(url, gmail)]);
    expect([one.statusCode, two.statusCode]).toEqual([200, 200]);
    expect(await consents()).toEqual([{ address_key: "ana@example.com", topic_id: news, granted: false }]);
    expect(await interactions("unsubscribe")).toEqual([
      { contact_id: contactIds[0], delivery_id: deliveryIds[0], event_id: null },
    ]);
    expect(await database.db.rows(sql`select source from consent_events`)).toEqual([{ source: "one-click" }]);
    expect(await verifyTracking(database.db)).toEqual([]);
  });

  test("[PG4] of an erased contact answers alike", async () => {
    const { deliveryIds } = await aMessageTo("ana@example.com");
    await database.db.run(sql`delete from contacts`);
    await database.db.run(sql`update delivery_log set address = ''`);
    expect((await post(`/u/${tokensOf(deliveryIds[0]).manage}`, gmail)).statusCode).toBe(200);
    expect(await consents()).toEqual([]);
  });

  test("[PG4] means the address it was sent to and the one the contact has now", async () => {
    const { deliveryIds } = await aMessageTo("old@example.com");
    await database.db.run(sql`update contacts set email = 'new@example.com', email_key = 'new@example.com'`);
    await post(`/u/${tokensOf(deliveryIds[0]).manage}`, gmail);
    expect((await consents()).map(({ address_key }) => address_key)).toEqual([
      "new@example.com",
      "old@example.com",
    ]);
  });

  test("[PG4] F-49: while the database is away is taken, and applied when it is back", async () => {
    const news = await aTopic("News");
    const { deliveryIds } = await aMessageTo("ana@example.com", { topicId: news });
    const { manage } = tokensOf(deliveryIds[0]);
    await door.sever();
    expect((await get(`/u/${manage}`)).body).toContain('<button type="submit">Unsubscribe</button>');
    expect((await post(`/u/${manage}`, gmail)).statusCode).toBe(200);
    expect((await get(`/p/${manage}`)).statusCode).toBe(503);
    await door.restore();
    const stop = product.start(["tracker"]);
    await vi.waitFor(
      async () =>
        expect(await consents()).toEqual([
          { address_key: "ana@example.com", topic_id: news, granted: false },
        ]),
      { timeout: 10_000 },
    );
    await stop();
    expect((await interactions("unsubscribe")).length).toBe(1);
  });
});

describe("forwarding", () => {
  async function forward(token: string, fields: Record<string, string>, ip?: string) {
    const form = formOf((await get(`/f/${token}`)).body);
    clock.advance(5000);
    return post(`/f/${token}`, { ...form, ...fields }, ip);
  }
  const copies = () =>
    database.db.rows<{
      address: string | null;
      delivery_id: string;
      mailing_id: string;
      forwarder_id: string;
    }>(sql`select address, delivery_id, mailing_id, forwarder_id from forwards order by id`);

  test("[PG8] [J50] gives each friend a fresh copy of their own by the route of the first, counts it to the forwarder and makes no contact", async () => {
    const source = await aMessageTo("ana@example.com", { topicId: await aTopic("News") });
    await database.db.run(sql`
      with chosen as (insert into routes (name, host, port, tls) values ('Own', 'relay.test', 25, 'none') returning id)
      update mailings set route_id = chosen.id from chosen`);
    const { forward: token } = tokensOf(source.deliveryIds[0]);
    const answer = await forward(token, {
      email_1: "Ben@example.com",
      name_1: "Ben",
      email_2: "cleo@example.com",
    });
    expect([answer.statusCode, answer.body.includes("Your 2 friends get a copy each")]).toEqual([200, true]);
    const sent = await copies();
    expect(sent.map(({ address, forwarder_id }) => [address, forwarder_id])).toEqual([
      ["Ben@example.com", source.contactIds[0]],
      ["cleo@example.com", source.contactIds[0]],
    ]);
    const [chunk] = await database.db.rows<{
      kind: string;
      contact_ids: string[];
      message_version_id: string;
      has_route: boolean;
    }>(sql`
      select kind, contact_ids, message_version_id, route_id is not null as has_route from delivery_chunks chunk
      join mailings on mailings.id = chunk.mailing_id where kind = 'forward'`);
    expect([chunk?.contact_ids, chunk?.message_version_id]).toEqual([["0", "0"], source.versionId]);
    expect(chunk?.has_route).toBe(true);
    expect((await interactions("forward")).map(({ contact_id }) => contact_id)).toEqual([
      source.contactIds[0],
      source.contactIds[0],
    ]);
    expect(await database.db.rows(sql`select email from contacts`)).toEqual([{ email: "ana@example.com" }]);
  });

  test("[PG8] the same friend gets one copy, and who is suppressed or opted out gets none; the answer is the same", async () => {
    const source = await aMessageTo("ana@example.com");
    const { forward: token } = tokensOf(source.deliveryIds[0]);
    await database.db.run(sql`insert into suppressions (address_key, category, reason, source)
      values ('bad@example.com', 'hard-bounce', '550', 'smtp')`);
    await database.db.run(sql`insert into consents values ('no@example.com', 0, false, now(), 1)`);
    const answers = [];
    for (const email of ["ben@example.com", "BEN@example.com", "bad@example.com", "no@example.com"])
      answers.push((await forward(token, { email_1: email })).body);
    expect(new Set(answers).size).toBe(1);
    expect((await copies()).map(({ address }) => address)).toEqual(["ben@example.com"]);
  });

  test("[PG8] limits by message, by network address and against programs hold", async () => {
    const source = await aMessageTo("ana@example.com");
    const { forward: token } = tokensOf(source.deliveryIds[0]);
    const five = Object.fromEntries([1, 2, 3, 4, 5].map((row) => [`email_${row}`, `f${row}@example.com`]));
    expect((await forward(token, five)).statusCode).toBe(200);
    expect((await forward(token, { email_1: "f6@example.com" })).statusCode).toBe(429);
    expect((await forward(token, { email_1: "f7@example.com", website: "http://spam" })).statusCode).toBe(
      200,
    );
    const form = formOf((await get(`/f/${token}`)).body);
    expect((await post(`/f/${token}`, { ...form, email_1: "f8@example.com" })).statusCode).toBe(400);
    expect((await forward(token, { email_1: "no address" })).statusCode).toBe(400);
    expect((await copies()).length).toBe(5);
  });

  test("[PG8] many forms at once cannot pass the limit", async () => {
    const source = await aMessageTo("ana@example.com");
    const { forward: token } = tokensOf(source.deliveryIds[0]);
    const form = formOf((await get(`/f/${token}`)).body);
    clock.advance(5000);
    await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        post(`/f/${token}`, { ...form, email_1: `f${number}@example.com` }, `192.0.2.${number}`),
      ),
    );
    expect((await copies()).length).toBe(5);
  });

  test("[PG9] a friend's management link stops copies to the friend and touches nobody's subscription", async () => {
    const source = await aMessageTo("ana@example.com", { topicId: await aTopic("News") });
    await forward(tokensOf(source.deliveryIds[0]).forward, { email_1: "ben@example.com" });
    const [copy] = await copies();
    const { manage } = tokensOf(copy?.delivery_id);
    expect((await get(`/p/${manage}`)).body).toContain("This email was forwarded to you");
    expect((await post(`/u/${manage}`, { "List-Unsubscribe": "One-Click" })).statusCode).toBe(200);
    expect((await post(`/p/${manage}`)).body).toContain("No more forwarded emails");
    expect(await consents()).toEqual([]);
    const other = await aMailing(database.db, { contactIds: source.contactIds });
    await forward(tokensOf(other.deliveryIds[0]).forward, { email_1: "ben@example.com" });
    expect((await copies()).length).toBe(1);
  });

  test("[PG10] after 30 days the friend's address is nowhere, and the opt-out still holds", async () => {
    const source = await aMessageTo("ana@example.com");
    await forward(tokensOf(source.deliveryIds[0]).forward, {
      email_1: "ben.unique@example.com",
      name_1: "Benedikta",
    });
    const [copy] = await copies();
    await database.db.run(sql`
      insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, address, reply)
      select mailing_id, 0, id, delivery_id, 'accepted', address, '250 ok ben.unique@example.com' from forwards`);
    expect(await purgeForwards(database.db)).toBe(0);
    await database.db.run(sql`update forwards set at = now() - interval '31 days'`);
    expect(await purgeForwards(database.db)).toBe(1);
    const tables = await database.db.rows<{ found: string }>(sql`
      select (select coalesce(string_agg(t::text, ' '), '') from forwards t) ||
             (select coalesce(string_agg(t::text, ' '), '') from delivery_chunks t) ||
             (select coalesce(string_agg(t::text, ' '), '') from delivery_log t) as found`);
    expect(tables[0]?.found).not.toMatch(/ben\.unique|Benedikta/);
    await post(`/p/${tokensOf(copy?.delivery_id).manage}`);
    const other = await aMailing(database.db, { contactIds: source.contactIds });
    await forward(tokensOf(other.deliveryIds[0]).forward, { email_1: "ben.unique@example.com" });
    expect((await copies()).length).toBe(1);
  });
});

let eventNumber = 0;
async function anOpenEvent(more: { capacity?: number; topicId?: string } = {}): Promise<string> {
  const slug = `spring-${++eventNumber}`;
  await database.db.run(sql`
    insert into events (slug, name, starts_at, ends_at, time_zone, state, capacity, topic_id, online_url)
    values (${slug}, 'Spring meeting', '2026-04-01T16:00Z', '2026-04-01T18:00Z', 'Europe/Berlin', 'open',
            ${more.capacity ?? null}, ${more.topicId ?? null}, 'https://meet.example.com/x')`);
  return slug;
}

describe("an event", () => {
  const registrations = () =>
    database.db.rows<{ state: string; contact_id: string }>(
      sql`select state, contact_id from registrations order by registered_at, id`,
    );

  test("[E2] a contact from a message registers by one button, as themselves", async () => {
    const mailing = await aMessageTo("ana@example.com", {
      links: [{ number: 1, url: "https://mail.example.com/e/placeholder" }],
    });
    const slug = await anOpenEvent();
    const { read } = tokensOf(mailing.deliveryIds[0]);
    const clicked = await get(`/c/${read}/1`);
    expect(clicked.headers.location).toBe(`https://mail.example.com/e/placeholder?c=${read}`);
    const page = await get(`/e/${slug}?c=${read}`);
    expect(page.body).toContain("a•••@e•••.com");
    expect(page.body).not.toContain('type="email"');
    const answer = await post(`/e/${slug}?c=${read}`, formOf(page.body));
    expect(answer.statusCode).toBe(303);
    const done = await get(String(answer.headers.location));
    expect(done.body).toContain("You are registered");
    expect(done.body).toContain("https://meet.example.com/x");
    expect((await interactions("registered"))[0]).toMatchObject({
      contact_id: mailing.contactIds[0],
      delivery_id: mailing.deliveryIds[0],
    });
    const calendar = await get(`${answer.headers.location}/calendar.ics`);
    expect(calendar.headers["content-type"]).toContain("text/calendar");
    expect(calendar.body).toContain("DTSTART:20260401T160000Z");
  });

  test("[E2] a stranger is found by address or becomes a contact, with consent only from the unticked box", async () => {
    const topicId = await aTopic("Meetings");
    const slug = await anOpenEvent({ topicId });
    const page = await get(`/e/${slug}`);
    expect(page.body).toContain('name="consent" value="on">');
    clock.advance(5000);
    const plain = { ...formOf(page.body), email: "ben@example.com", first_name: "Ben" };
    expect((await post(`/e/${slug}`, plain)).statusCode).toBe(303);
    expect(await consents()).toEqual([]);
    await post(`/e/${slug}`, { ...formOf(page.body), email: "cleo@example.com", consent: "on" });
    expect(await consents()).toEqual([{ address_key: "cleo@example.com", topic_id: topicId, granted: true }]);
    expect(await database.db.rows(sql`select email, first_name from contacts order by id`)).toEqual([
      { email: "ben@example.com", first_name: "Ben" },
      { email: "cleo@example.com", first_name: null },
    ]);
  });

  test("[E5] typing an address that is registered already reveals nothing and gives no hold of it", async () => {
    const slug = await anOpenEvent();
    const form = formOf((await get(`/e/${slug}`)).body);
    clock.advance(5000);
    await post(`/e/${slug}`, { ...form, email: "ben@example.com" });
    const again = await post(`/e/${slug}`, { ...form, email: "BEN@example.com" });
    expect([again.statusCode, again.headers.location]).toEqual([200, undefined]);
    expect((await registrations()).length).toBe(1);
    expect((await interactions("registered")).length).toBe(1);
  });

  test("[E3] F-59: fifty at once for five places: five have one, the rest wait in order", async () => {
    const slug = await anOpenEvent({ capacity: 5 });
    const form = formOf((await get(`/e/${slug}`)).body);
    clock.advance(5000);
    await Promise.all(
      Array.from({ length: 50 }, (_, number) =>
        post(`/e/${slug}`, { ...form, email: `c${number}@example.com` }, `192.0.2.${number}`),
      ),
    );
    const states = (await registrations()).map(({ state }) => state);
    expect(states.filter((state) => state === "registered").length).toBe(5);
    expect(states.filter((state) => state === "waiting").length).toBe(45);
    expect((await interactions("registered")).length).toBe(5);
  });

  test("[E4] cancelling frees the place for whoever waits longest, once", async () => {
    const slug = await anOpenEvent({ capacity: 1 });
    const form = formOf((await get(`/e/${slug}`)).body);
    clock.advance(5000);
    const places = [];
    for (const name of ["ana", "ben", "cleo"]) {
      places.push(
        String((await post(`/e/${slug}`, { ...form, email: `${name}@example.com` })).headers.location),
      );
      clock.advance(1000);
    }
    expect((await get(places[1] ?? "")).body).toContain("You are on the waiting list");
    expect((await get(`${places[0]}/cancel`)).body).toContain("Cancel your registration?");
    await post(`${places[0]}/cancel`);
    await post(`${places[0]}/cancel`);
    expect((await get(places[1] ?? "")).body).toContain("You are registered");
    expect((await get(places[2] ?? "")).body).toContain("You are on the waiting list");
    expect((await interactions("registered")).length).toBe(2);
    expect((await interactions("registration-cancelled")).length).toBe(1);
  });

  test("[E1] that is a draft is not there, and one that is closed takes nobody", async () => {
    const slug = await anOpenEvent();
    const form = formOf((await get(`/e/${slug}`)).body);
    clock.advance(5000);
    await database.db.run(sql`update events set state = 'closed'`);
    const closed = await post(`/e/${slug}`, { ...form, email: "ana@example.com" });
    expect([closed.statusCode, closed.body.includes("Registration is closed.")]).toEqual([409, true]);
    await database.db.run(sql`update events set state = 'draft'`);
    expect((await get(`/e/${slug}`)).statusCode).toBe(404);
    expect(await registrations()).toEqual([]);
  });

  test("[PG6] a program's form is thanked and thrown away", async () => {
    const slug = await anOpenEvent();
    const form = formOf((await get(`/e/${slug}`)).body);
    const tooQuick = await post(`/e/${slug}`, { ...form, email: "ana@example.com" });
    expect(tooQuick.statusCode).toBe(400);
    clock.advance(5000);
    const trapped = await post(`/e/${slug}`, { ...form, email: "ana@example.com", website: "http://spam" });
    expect(trapped.statusCode).toBe(200);
    expect(await registrations()).toEqual([]);
  });
});
