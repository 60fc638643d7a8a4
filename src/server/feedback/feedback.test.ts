import { createTransport } from "nodemailer";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { sql } from "#server/platform/index.ts";
import { verifyTracking } from "#server/tracking/index.ts";
import { databaseSnapshot } from "#test/database-snapshot.ts";
import { aMailing, type FateFixture, someContacts } from "#test/mailings.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";
import { verifyDelivery } from "../delivery/index.ts";
import { type InboundMail, startInboundMail, startTally } from "./index.ts";

const domain = "bounces.sender.test";
let world: TestProduct;
let inbound: InboundMail;
let deliveryIds: readonly string[];

beforeEach(async () => {
  world = await createTestProduct();
  const { platform, product } = world;
  const deps = { platform, tracking: product.tracking, tally: startTally(platform.db, platform.log) };
  inbound = await startInboundMail(deps, { port: 0, host: "127.0.0.1" });
  await world.db.run(sql`
    insert into routes (name, host, port, tls, bounce_domain) values ('Out', 'smtp.test', 25, 'none', ${domain})`);
  const contactIds = await someContacts(world.db, ["ana@example.org", "bob@example.org"]);
  ({ deliveryIds } = await aMailing(world.db, { contactIds }));
});
afterEach(async () => {
  await inbound.stop();
  await world.stop();
});

/** The one delivery of a further mailing, with its fate. */
async function aDelivery(fate: FateFixture): Promise<string> {
  const contactIds = await someContacts(world.db, ["cleo@example.org"]);
  const mailing = await aMailing(world.db, { contactIds, fates: { 0: fate } });
  return mailing.deliveryIds[0] ?? "";
}

const idOf = (place = 0) => deliveryIds[place] ?? "";
const tokensOf = (id: string) => mintTokens(id, 1, world.product.tracking.keys.mac);
const addressOf = (role: "b" | "u", id = idOf()) => `${role}+${tokensOf(id).bounce}@${domain}`;

/** Sends as a mail server does; resolves with the code of its answer. */
async function come(to: string | string[], raw: string): Promise<number> {
  const transport = createTransport({ host: "127.0.0.1", port: inbound.port, ignoreTLS: true });
  try {
    await transport.sendMail({ envelope: { from: "", to }, raw: raw.replace(/\r?\n/g, "\r\n") });
    return 250;
  } catch (error) {
    return Number((error as { responseCode?: number }).responseCode);
  } finally {
    transport.close();
  }
}

const report = (status: string, words: string, id = "1") => `From: MAILER-DAEMON@there.test
Subject: Undelivered Mail Returned to Sender
Message-ID: <${id}@there.test>
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: text/plain

It failed.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; there.test

Final-Recipient: rfc822; ana@example.org
Action: failed
Status: ${status}
Diagnostic-Code: smtp; ${words}

--x--
`;
const complaint = `From: feedback@there.test
Subject: Complaint
Message-ID: <c1@there.test>
Content-Type: multipart/report; report-type=feedback-report; boundary=x

--x
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: There/1.0
Version: 1

--x--
`;
const tellNews = async () => {
  await world.platform.news.deliver("tracking.bounces");
  await world.platform.news.deliver("feedback.soft-bounces");
};
const rowsOf = async (table: "bounces" | "suppressions" | "consents" | "feedback" | "interactions") =>
  world.db.rows<Record<string, unknown>>(
    {
      bounces: sql`select delivery_id, category, is_hard from bounces`,
      suppressions: sql`select address_key, category, expires_at is null as "forGood" from suppressions`,
      consents: sql`select address_key, topic_id, granted from consents`,
      feedback: sql`select kind, delivery_id from feedback order by id`,
      interactions: sql`select kind, delivery_id from interactions order by id`,
    }[table],
  );

describe("a bounce after acceptance", () => {
  test("[D49] [D47] F-23: is counted once, suppresses the address, and leaves the ledger as it was", async () => {
    const raw = report("5.1.1", "550 5.1.1 no such user");
    expect(await come(addressOf("b"), raw)).toBe(250);
    await tellNews();
    expect(await rowsOf("bounces")).toEqual([
      { delivery_id: idOf(), category: "invalid-mailbox", is_hard: true },
    ]);
    expect(await rowsOf("suppressions")).toEqual([
      { address_key: "ana@example.org", category: "hard-bounce", forGood: true },
    ]);
    expect(await rowsOf("interactions")).toEqual([{ kind: "bounce", delivery_id: idOf() }]);
    const before = await databaseSnapshot(world.db);
    expect(await come(addressOf("b"), raw)).toBe(250);
    await tellNews();
    expect(await databaseSnapshot(world.db)).toEqual(before);
    expect(await come(addressOf("b"), report("5.2.2", "552 5.2.2 full", "2"))).toBe(250);
    await tellNews();
    expect(await rowsOf("bounces")).toHaveLength(1);
    expect(await rowsOf("interactions")).toHaveLength(1);
    expect(await verifyDelivery(world.db)).toEqual([]);
    expect(await verifyTracking(world.db)).toEqual([]);
  });

  test("[D41] over a policy is counted and suppresses nobody", async () => {
    await come(addressOf("b"), report("5.7.1", "550 5.7.1 user unknown or blocked"));
    expect(await rowsOf("bounces")).toMatchObject([{ category: "policy" }]);
    expect(await rowsOf("suppressions")).toEqual([]);
  });

  test("[D49] of what was refused at once is not counted again", async () => {
    const id = await aDelivery({ outcome: "refused" });
    expect(await come(addressOf("b", id), report("5.1.1", "550 no such user"))).toBe(250);
    expect(await rowsOf("bounces")).toEqual([]);
    expect(await rowsOf("feedback")).toMatchObject([{ kind: "bounce" }]);
  });

  test("[D48] settles a doubt", async () => {
    const id = await aDelivery({ outcome: "in-doubt" });
    await come(addressOf("b", id), report("4.2.2", "452 4.2.2 full"));
    expect(
      await world.db.rows(sql`select outcome, reason from delivery_log where delivery_id = ${id}`),
    ).toEqual([{ outcome: "accepted", reason: "told-by-receiver" }]);
    expect(await rowsOf("bounces")).toHaveLength(1);
    expect(await verifyDelivery(world.db)).toEqual([]);
  });
});

test("[D50] a complaint suppresses for good, withdraws consent and is counted once", async () => {
  expect(await come(addressOf("b"), complaint)).toBe(250);
  expect(await come(addressOf("b"), complaint.replace("c1@", "c2@"))).toBe(250);
  expect(await rowsOf("suppressions")).toEqual([
    { address_key: "ana@example.org", category: "complaint", forGood: true },
  ]);
  expect(await rowsOf("interactions")).toEqual([{ kind: "complaint", delivery_id: idOf() }]);
  expect(await world.db.rows(sql`select address_key, topic_id, kind, source from consent_events`)).toEqual([
    { address_key: "ana@example.org", topic_id: null, kind: "withdrawn", source: "complaint" },
  ]);
});

test("[D51] a mail to the address for unsubscribing unsubscribes, an answer of a program there does not", async () => {
  const mail = (headers: string) => `From: ana@example.org\nSubject: unsubscribe\n${headers}\nPlease.\n`;
  expect(await come(addressOf("u", idOf(1)), mail("Auto-Submitted: auto-replied\n"))).toBe(250);
  expect(await come(addressOf("u"), mail(""))).toBe(250);
  expect(await come(addressOf("u"), mail(""))).toBe(250);
  expect(await rowsOf("consents")).toEqual([
    { address_key: "ana@example.org", topic_id: "0", granted: false },
  ]);
  expect(await rowsOf("interactions")).toEqual([{ kind: "unsubscribe", delivery_id: idOf() }]);
});

describe("the listener", () => {
  test("[D53] refuses whoever it is not for before any content", async () => {
    const forged = addressOf("b").replace(/.@/, (end) => (end === "a@" ? "b@" : "a@"));
    const mail = "Subject: x\n\nx\n";
    expect(await come("postmaster@sender.test", mail)).toBe(550);
    expect(await come(forged, mail)).toBe(550);
    expect(await come(addressOf("b").replace(domain, "elsewhere.test"), mail)).toBe(550);
    expect(await rowsOf("feedback")).toEqual([]);
  });

  test("[D53] says yes after the commit only", async () => {
    await world.db.run(sql`alter table bounces rename to hidden`);
    const raw = report("5.1.1", "550 5.1.1 no such user");
    expect(await come(addressOf("b"), raw)).toBe(451);
    expect(await rowsOf("feedback")).toEqual([]);
    await world.db.run(sql`alter table hidden rename to bounces`);
    expect(await come(addressOf("b"), raw)).toBe(250);
    expect(await rowsOf("bounces")).toHaveLength(1);
  });

  test("[D47] what nobody understands is kept, with a source for a few of each delivery, whatever it is", async () => {
    const deep = Array.from(
      { length: 300 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`,
    );
    const oddities = [
      "",
      "\0\x80",
      "Subject: =?utf-8?B?//8=?=\n\nx",
      deep.join(""),
      "\n--x".repeat(3000),
      "a\n\nb",
    ];
    for (const raw of oddities) expect(await come(addressOf("b"), `${raw}\n`)).toBe(250);
    const analyst = await world.as("analyst");
    const listed = await analyst.request("GET", "/api/feedback/reports?kind=not-understood");
    expect(listed.body).toMatchObject({
      items: [
        { hasSource: false },
        ...Array.from({ length: 5 }, () => ({ hasSource: true, deliveryId: `dlv_${idOf()}` })),
      ],
    });
    const [, second] = (listed.body as { items: { id: string }[] }).items;
    const source = await analyst.request("GET", `/api/feedback/reports/${second?.id}/source`);
    expect(source.headers["content-disposition"]).toContain("attachment");
    expect((await analyst.request("GET", "/api/feedback/reports/rpt_999/source")).status).toBe(404);
  });
});

describe("[D52] soft bounces in a row", () => {
  /** Sends another message to both, which comes back as full from the first. */
  async function another(acceptedAt = new Date()): Promise<void> {
    const contacts = await world.db.rows<{ id: string }>(sql`select id from contacts order by id`);
    ({ deliveryIds } = await aMailing(world.db, { contactIds: contacts.map(({ id }) => id), acceptedAt }));
  }
  async function fills(): Promise<void> {
    expect(await come(addressOf("b"), report("5.2.2", "552 5.2.2 mailbox full", idOf()))).toBe(250);
    await tellNews();
  }
  const standing = () =>
    world.db.first(sql`select cardinality(delivery_ids) as count, occurrences from soft_bounces`);

  test("the fifth suppresses commercial mail for a week, and a setting changes that", async () => {
    for (let count = 1; count <= 5; count++) {
      expect(await rowsOf("suppressions")).toEqual([]);
      await fills();
      await another();
    }
    const [made] = await world.db.rows<{ days: number }>(sql`
      select round(extract(epoch from expires_at - now()) / 86400)::integer as days from suppressions
      where category = 'soft-bounce' and address_key = 'ana@example.org'`);
    expect(made).toEqual({ days: 7 });
    const policy = { inARow: 2, termsDays: [10, 20], settledAfterDays: 3 };
    const admin = await world.as("admin");
    expect((await admin.request("PUT", "/api/feedback/soft-bounces", policy)).status).toBe(200);
    await fills();
    await another();
    await fills();
    expect(await standing()).toEqual({ count: 2, occurrences: 2 });
    expect((await admin.request("GET", "/api/feedback")).body).toMatchObject({
      inbound: { port: null, domains: [domain] },
      counts: [{ kind: "bounce", total: 7 }],
      softBounces: policy,
    });
  });

  test("somebody who opens, or a delivery that arrived and stayed, begins the row anew", async () => {
    await fills();
    await another();
    await fills();
    expect(await standing()).toEqual({ count: 2, occurrences: 0 });
    const { recordInteractions } = world.product.tracking;
    const contact = await world.db.first<{ id: string }>(sql`select min(id) as id from contacts`);
    const open = {
      hitId: crypto.randomUUID(),
      kind: "open",
      at: new Date(),
      ...(contact ? { contactId: contact.id } : {}),
    };
    await world.db.transaction((tx) => recordInteractions(tx, [open]));
    await another();
    await fills();
    expect(await standing()).toEqual({ count: 1, occurrences: 0 });
    await world.db.run(sql`update soft_bounces set last_at = now() - interval '9 days'`);
    await world.db.run(sql`delete from interactions where kind = 'open'`);
    await another(new Date(Date.now() - 2 * 86_400_000));
    await another();
    await fills();
    expect(await standing()).toEqual({ count: 2, occurrences: 0 });
    await world.db.run(sql`update soft_bounces set last_at = now() - interval '9 days'`);
    await another(new Date(Date.now() - 5 * 86_400_000));
    await another();
    await fills();
    expect(await standing()).toEqual({ count: 1, occurrences: 0 });
  });
});
