import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BreakdownRow, ContactBehind, drillMetrics, insightRoutes, Report } from "#contract/insights.ts";
import { pageOf } from "#contract/route.ts";
import type { Counts } from "#core/insights/counts.ts";
import { addsUp } from "#core/insights/metrics.ts";
import { toId } from "#core/kernel/ids.ts";
import { sql } from "#server/platform/index.ts";
import { createTracking, loadTrackingKeys, type Tracking, verifyTracking } from "#server/tracking/index.ts";
import { aMailing, type MailingFixture, someContacts } from "#test/mailings.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";

let product: TestProduct;
let tracking: Tracking;
let marketer: Agent;
let mailing: MailingFixture;

const links = [
  { number: 1, url: "https://shop.example.com/a", label: "Shop" },
  { number: 2, url: "https://shop.example.com/b", label: "More" },
  { number: 3, url: null, label: "Yours" },
];
const sentAt = new Date("2026-03-02T09:10:00Z");
const later = (minutes: number) => new Date(sentAt.getTime() + minutes * 60_000);

beforeAll(async () => {
  product = await createTestProduct();
  tracking = await createTracking(product.platform, await loadTrackingKeys(product.platform));
  marketer = await product.as("marketer");
  const contactIds = await someContacts(
    product.db,
    Array.from({ length: 20 }, (_, number) => `c${number}@example.com`),
  );
  // 20 recipients: 14 accepted (one of which bounces later), 3 refused, 2 skipped, 1 still waiting.
  const refused = { outcome: "refused", reason: "no-such-user", reply: "550 5.1.1 unknown" } as const;
  const skipped = { outcome: "skipped", reason: "no-consent" } as const;
  mailing = await aMailing(product.db, {
    contactIds,
    links,
    acceptedAt: sentAt,
    name: "Spring invite",
    fates: { 14: refused, 15: refused, 16: refused, 17: skipped, 18: skipped, 19: null },
  });
  await product.db.run(sql`
    insert into bounces (delivery_id, mailing_id, contact_id, category, is_hard, diagnostic, at)
    values (${mailing.deliveryIds[13]}, ${mailing.mailingId}, ${contactIds[13]}, 'mailbox-full', false, '4.2.2', ${later(60)})`);
  const hit = (place: number, kind: string, minutes: number, more: object = {}) => ({
    hitId: randomUUID(),
    kind,
    at: later(minutes),
    deliveryId: mailing.deliveryIds[place] ?? "",
    ...more,
  });
  await product.db.transaction((tx) =>
    tracking.recordInteractions(tx, [
      ...[0, 1, 2, 3, 4, 5].map((place) => hit(place, "open", 5)),
      ...[0, 1].map((place) => hit(place, "open", 65)),
      ...[6, 7, 8].map((place) =>
        hit(place, "open", 1, { agent: "machine", evidence: "v1 mail-privacy-proxy" }),
      ),
      hit(0, "click", 6, { linkNumber: 1 }),
      hit(0, "click", 7, { linkNumber: 1 }),
      hit(0, "click", 8, { linkNumber: 2 }),
      hit(1, "click", 9, { linkNumber: 2 }),
      hit(6, "click", 2, { linkNumber: 1, agent: "machine", evidence: "v1 scanner: barracuda" }),
      hit(2, "forward", 10),
      hit(2, "forward", 10),
      hit(3, "unsubscribe", 11),
    ]),
  );
  await aMailing(product.db, { contactIds, kind: "test", messageId: mailing.messageId });
});
afterAll(() => product.stop());

const byAgent = (humanFirst: number, humanAll: number, machineFirst = 0, machineAll = 0) => ({
  humanFirst,
  humanAll,
  machineFirst,
  machineAll,
});
const expected: Counts = {
  recipients: 20,
  accepted: 14,
  refused: 3,
  skipped: 2,
  givenUp: 0,
  inDoubt: 0,
  waiting: 1,
  bouncedLater: 1,
  opens: byAgent(6, 8, 3, 3),
  clicks: byAgent(2, 4, 1, 1),
  forwards: 2,
  unsubscribes: 1,
  views: 0,
};
const report = async (query: string) =>
  Report.parse((await marketer.request("GET", `/api/insights/report?${query}`)).body);
const Timeline = insightRoutes.timeline.response;
const messageId = () => toId("message", mailing.messageId);

describe("a report", () => {
  test("[I3] gives the same counts by message, version and mailing, and they add up", async () => {
    for (const of of [
      messageId(),
      toId("messageVersion", mailing.versionId),
      toId("mailing", mailing.mailingId),
    ]) {
      const { counts } = await report(`of=${of}`);
      expect(counts).toEqual(expected);
      expect(addsUp(counts)).toBe(true);
    }
    expect((await report("")).counts).toEqual(expected);
    expect(await verifyTracking(product.db)).toEqual([]);
  });

  test("names reasons and every link, also those that nobody followed", async () => {
    const { reasons, links: counted } = await report(`of=${messageId()}`);
    expect(reasons).toEqual([
      { outcome: "refused", reason: "no-such-user", count: 3 },
      { outcome: "skipped", reason: "no-consent", count: 2 },
      { outcome: "bounced-later", reason: "mailbox-full", count: 1 },
    ]);
    const own = counted.filter(({ versionId }) => versionId === toId("messageVersion", mailing.versionId));
    expect(own.map(({ number, label, clicks }) => [number, label, clicks])).toEqual([
      [1, "Shop", byAgent(1, 2, 1, 1)],
      [2, "More", byAgent(2, 2)],
      [3, "Yours", byAgent(0, 0)],
    ]);
  });

  test("[I4] has a timeline whose points sum to the counts, by hour, by day and in a zone", async () => {
    const timeline = async (query: string) =>
      Timeline.parse(
        (await marketer.request("GET", `/api/insights/timeline?of=${messageId()}&${query}`)).body,
      ).points;
    expect(
      (await timeline("step=hour")).map(({ at, accepted, opens, clicks }) => [at, accepted, opens, clicks]),
    ).toEqual([
      ["2026-03-02T09:00:00.000Z", 14, 6, 2],
      ["2026-03-02T10:00:00.000Z", 0, 0, 0],
    ]);
    const daily = await timeline("step=day&timeZone=Asia/Tokyo");
    expect(daily.map(({ at, accepted }) => [at, accepted])).toEqual([["2026-03-01T15:00:00.000Z", 14]]);
  });

  test("of a period counts what happened in it", async () => {
    const during = await report(`of=${messageId()}&from=2026-03-02T09:00:00Z&to=2026-03-02T10:00:00Z`);
    expect(during.counts).toEqual({
      ...expected,
      recipients: 19,
      waiting: 0,
      bouncedLater: 0,
      opens: byAgent(6, 6, 3, 3),
    });
    const before = await report(`of=${messageId()}&to=2026-03-01T00:00:00Z`);
    expect(before.counts.accepted).toBe(0);
  });

  test("[I5] keeps forwarded copies apart", async () => {
    const copy = await aMailing(product.db, {
      contactIds: ["0"],
      kind: "forward",
      messageId: mailing.messageId,
    });
    await product.db.run(sql`
      insert into forwards (source_delivery_id, source_mailing_id, forwarder_id, mailing_id, delivery_id, address_hash, ip_hash)
      values (${mailing.deliveryIds[2]}, ${mailing.mailingId}, 1, ${copy.mailingId}, ${copy.deliveryIds[0]}, '', '')`);
    const { counts, forwardedCopies } = await report(`of=${messageId()}`);
    expect(counts).toEqual(expected);
    expect(forwardedCopies.accepted).toBe(1);
  });
});

describe("behind every number", () => {
  const Page = pageOf(ContactBehind);
  async function behind(query: string): Promise<ContactBehind[]> {
    const items: ContactBehind[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: ContactBehind[]; nextCursor: string | null } = Page.parse(
        (
          await marketer.request(
            "GET",
            `/api/insights/contacts?limit=2&${query}${cursor ? `&cursor=${cursor}` : ""}`,
          )
        ).body,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  test("[I6] are as many contacts as it says, each once, over any number of pages", async () => {
    const numbers: Record<(typeof drillMetrics)[number], number> = {
      recipients: 20,
      accepted: 14,
      refused: 3,
      skipped: 2,
      "given-up": 0,
      "in-doubt": 0,
      "bounced-later": 1,
      opens: 6,
      "machine-opens": 3,
      clicks: 2,
      "machine-clicks": 1,
      forwards: 2,
      unsubscribes: 1,
    };
    for (const metric of drillMetrics) {
      const rows = await behind(`of=${messageId()}&metric=${metric}`);
      expect([metric, rows.length]).toEqual([metric, numbers[metric]]);
      if (metric !== "forwards")
        expect(new Set(rows.map(({ deliveryId }) => deliveryId)).size).toBe(rows.length);
    }
  });

  test("are those of one link, of one reason, with why", async () => {
    const of = toId("messageVersion", mailing.versionId);
    expect((await behind(`of=${of}&metric=clicks&link=1`)).map(({ email }) => email)).toEqual([
      "c0@example.com",
    ]);
    expect((await behind(`of=${of}&metric=clicks&link=2`)).length).toBe(2);
    expect((await behind(`of=${of}&metric=refused&reason=no-such-user`))[0]?.detail).toContain("550 5.1.1");
    expect((await behind(`of=${of}&metric=machine-clicks`))[0]?.detail).toBe("v1 scanner: barracuda");
    expect(await behind(`of=${of}&metric=refused&reason=other`)).toEqual([]);
  });
});

describe("a breakdown", () => {
  const Page = pageOf(BreakdownRow);
  const ask = async (query: string) =>
    Page.parse((await marketer.request("GET", `/api/insights/breakdown?${query}`)).body);

  test("lists messages with their numbers, the latest first, found by name and by pages", async () => {
    const second = await aMailing(product.db, {
      contactIds: mailing.contactIds.slice(0, 3),
      name: "Autumn news",
    });
    const first = await ask("by=message&limit=1");
    expect(first.items[0]).toMatchObject({ id: toId("message", second.messageId), name: "Autumn news" });
    expect(first.items[0]?.counts.accepted).toBe(3);
    const next = await ask(`by=message&limit=1&cursor=${first.nextCursor}`);
    expect(next.items[0]).toMatchObject({ id: messageId(), counts: expected });
    expect((await ask("by=message&search=AUTUMN")).items.length).toBe(1);
    expect((await ask(`by=version&of=${messageId()}`)).items.map(({ name }) => name)).toEqual([
      "Spring invite, version 1",
    ]);
    for (const by of ["journey", "template", "mailing"]) await ask(`by=${by}`);
  });
});

describe("who may see it", () => {
  test("200 for everybody who is signed in, 401 for nobody, 404 for what is not there", async () => {
    const home = await (await product.as("analyst")).request(
      "GET",
      "/api/insights/home?timeZone=Europe/Berlin",
    );
    expect(home.status).toBe(200);
    expect((await product.anonymous.request("GET", "/api/insights/home")).status).toBe(401);
    expect((await marketer.request("GET", "/api/insights/report?of=msg_99999")).status).toBe(404);
    expect((await marketer.request("GET", "/api/insights/timeline?timeZone=Mars")).status).toBe(400);
  });
});
