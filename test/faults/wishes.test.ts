import { createTransport } from "nodemailer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { toId } from "#core/kernel/ids.ts";
import { startSender } from "#server/delivery/index.ts";
import { type InboundMail, startInboundMail, startTally, type Tally } from "#server/feedback/index.ts";
import { sql } from "#server/platform/index.ts";
import { type HostileSink, type Received, startHostileSink } from "#test/hostile-sink.ts";
import {
  aMailingToAll,
  aRoute,
  inChunksOf,
  someContacts,
  totalsOf,
  until,
  untilSettled,
} from "#test/mailing.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";
import { proveAll } from "../../src/cli/verify.ts";

let product: TestProduct;
let sink: HostileSink;
let inbound: InboundMail;
let tally: Tally;
let stop: () => Promise<void>;
beforeEach(async () => {
  product = await createTestProduct();
  const { platform, product: composed } = product;
  sink = await startHostileSink();
  tally = startTally(platform.db, platform.log);
  const deps = { platform, tracking: composed.tracking, tally };
  inbound = await startInboundMail(deps, { port: 0, host: "127.0.0.1" });
  await product.db.run(sql`delete from routes`);
  await aRoute(product.db, { port: sink.port });
  await product.db.run(sql`update routes set bounce_domain = 'bounces.sender.test'`);
  send();
});
afterEach(async () => {
  await stop();
  await inbound.stop();
  await tally.stop();
  await sink.close();
  await product.stop();
});

function send(): void {
  const { keys } = product.product.tracking;
  stop = startSender(product.platform, { keys, pollMilliseconds: 50, stopMilliseconds: 2000 });
}

/** A recipient, and what came to them before. */
type Person = { readonly contactId: string; readonly address: string; readonly mail: Received };

/** The link for unsubscribing in the headers of a message. */
function linkIn({ data }: Received): string {
  const head = data.toString("latin1").replace(/\r\n[ \t]+/g, " ");
  return new URL(/^List-Unsubscribe: .*?<(https?:[^>]+)>/m.exec(head)?.[1] ?? "").pathname;
}

const submit = (url: string, fields: Record<string, string>) =>
  product.product.app.inject({
    method: "POST",
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": "Mozilla/5.0 (X11) Firefox/128.0",
    },
    payload: new URLSearchParams(fields).toString(),
  });

const complaint = (about: string) =>
  [
    "From: feedback@there.test",
    "Subject: Complaint",
    `Message-ID: <${about}@there.test>`,
    "Content-Type: multipart/report; report-type=feedback-report; boundary=x",
    "",
    "--x",
    "Content-Type: message/feedback-report",
    "",
    "Feedback-Type: abuse",
    "User-Agent: There/1.0",
    "Version: 1",
    "",
    "--x--",
    "",
  ].join("\r\n");

/** Every way in which somebody stops mail, through the door by which it really comes. */
const ways: Readonly<Record<string, (person: Person) => Promise<unknown>>> = {
  "one click": async ({ mail }) => {
    expect((await submit(linkIn(mail), { "List-Unsubscribe": "One-Click" })).statusCode).toBe(200);
  },
  "the page of preferences": async ({ mail }) => {
    const path = linkIn(mail).replace("/u/", "/p/");
    const page = (await product.product.app.inject({ method: "GET", url: path })).body;
    const hidden = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const fields = Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value]));
    expect((await submit(path, { ...fields, none: "on" })).statusCode).toBeLessThan(400);
  },
  "a complaint": async ({ mail, contactId }) => {
    const transport = createTransport({ host: "127.0.0.1", port: inbound.port, ignoreTLS: true });
    await transport.sendMail({ envelope: { from: "", to: mail.from }, raw: complaint(contactId) });
    transport.close();
  },
  "a withdrawal that was told": async ({ contactId }) => {
    const admin = await product.as("admin");
    const path = `/api/contacts/${toId("contact", contactId)}/consent`;
    expect((await admin.request("POST", path, { topicId: null, kind: "withdrawn" })).status).toBeLessThan(
      300,
    );
  },
  "a suppression by hand": async ({ address }) => {
    const admin = await product.as("admin");
    const body = { addresses: [address], reason: "Asked to" };
    expect((await admin.request("POST", "/api/suppressions", body)).status).toBeLessThan(300);
  },
  erasure: async ({ contactId, address }) => {
    const admin = await product.as("admin");
    const path = `/api/contacts/${toId("contact", contactId)}?confirm=${encodeURIComponent(address)}`;
    expect((await admin.request("DELETE", path)).status).toBeLessThan(300);
  },
};

test("[D6] F-36: who unsubscribes, complains, withdraws, is suppressed or erased at any point of a mailing gets nothing that is begun after the answer", async () => {
  const { db } = product;
  const recipients = 240;
  await product.as("admin");
  const contacts = await someContacts(db, recipients);
  const before = await aMailingToAll(db, { kind: "transactional" });
  await untilSettled(db, before);
  const mails = new Map(sink.received.map((mail) => [mail.to[0], mail]));
  expect(mails.size).toBe(recipients);

  await stop();
  await db.run(sql`update routes set messages_per_second = 40`);
  sink.received.length = 0;
  const mailing = await aMailingToAll(db, { kind: "transactional" });
  await inChunksOf(db, 40);
  send();
  const answers: { readonly contactId: string; readonly way: string; readonly at: Date }[] = [];
  const kinds = Object.entries(ways);
  // The first meet their message on the wire, the last long before it is begun.
  for (let person = 8, turn = 0; person <= recipients; person += 8, turn++) {
    const address = `person${person}@example.org`;
    const [way, go] = kinds[turn % kinds.length] ?? ["", async () => {}];
    const contactId = contacts[person - 1] ?? "";
    const mail = mails.get(address);
    if (!mail) throw new Error(`${address} had no mail`);
    await go({ contactId, address, mail });
    const now = await db.first<{ at: Date }>(sql`select clock_timestamp() as at`);
    if (now) answers.push({ contactId, way, at: now.at });
    await until("mail flows", async () => sink.received.length > person * 0.3);
  }
  await untilSettled(db, mailing);

  const { accepted = 0, skipped = 0, queued } = await totalsOf(db, mailing);
  expect([queued, accepted + skipped, accepted]).toEqual([recipients, recipients, sink.received.length]);
  const skippedBy = new Set<string>();
  for (const { contactId, way, at } of answers) {
    const row = await db.first<{ outcome: string; begun_at: Date | null }>(sql`
      select log.outcome, (select min(snapshot.at) from delivery_snapshots snapshot
        where snapshot.chunk_id = log.delivery_id / 1024
          and log.delivery_id % 1024 between snapshot.first_place and snapshot.last_place) as begun_at
      from delivery_log log where mailing_id = ${mailing} and contact_id = ${contactId}`);
    if (row?.outcome === "skipped") skippedBy.add(way);
    else expect(row?.begun_at?.getTime(), `${way} of contact ${contactId}`).toBeLessThanOrEqual(at.getTime());
  }
  // Each way came in time for somebody.
  expect([...skippedBy].sort()).toEqual(Object.keys(ways).sort());
  const said: string[] = [];
  expect(await proveAll(db, (line) => said.push(line)), said.join("\n")).toBe(true);
});
