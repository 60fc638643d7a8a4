import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SendingDomain } from "#contract/sending-domains.ts";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import { aLiveVersion, aRoute, someSettings, totalsOf, untilSettled } from "#test/mailing.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";
import { enqueueFromSql, ensureMailing, startSender } from "./index.ts";
import { renderSource } from "./render-delivery.ts";

let product: TestProduct;
let sink: HostileSink;
let stop: () => Promise<void>;
let domain: Domain;
beforeAll(async () => {
  product = await createTestProduct();
  sink = await startHostileSink({});
  await product.db.run(sql`delete from routes`);
  await aRoute(product.db, { port: sink.port });
  await someSettings(product.db);
  domain = await ask("", { domain: "sender.test" });
  for (const { id } of domain.keys)
    await ask(`/${domain.id}/keys/${id}/switch`, { isActive: true, force: true });
  stop = startSender(product.platform, { keys: product.product.tracking.keys, pollMilliseconds: 50 });
});
afterAll(async () => {
  await stop();
  await sink.close();
  await product.stop();
});

type Domain = ReturnType<typeof SendingDomain.parse>;

async function ask(path: string, body: object): Promise<Domain> {
  const admin = await product.as("admin");
  const { status, body: answer } = await admin.request("POST", `/api/sending-domains${path}`, body);
  expect([status, answer]).toEqual([200, expect.anything()]);
  return SendingDomain.parse(answer);
}

/** What arrived, without the dots that SMTP doubled and the signatures in front, by delivery. */
function arrived(): Map<string, string> {
  const found = new Map<string, string>();
  for (const { data } of sink.received) {
    const all = data.toString("latin1").replace(/(^|\r\n)\.\./g, "$1.");
    const message = all.replace(/^(DKIM-Signature:[^\r]*\r\n([ \t][^\r]*\r\n)*)+/, "");
    expect(message).not.toBe(all);
    found.set(/^Message-ID: <(\d+)\./m.exec(message)?.[1] ?? "", message);
  }
  return found;
}

async function expectTheSameAgain(): Promise<void> {
  const { db, product: running } = product;
  for (const [deliveryId, message] of arrived()) {
    const again = await renderSource(db, running.tracking.keys, deliveryId);
    expect(again?.toString("latin1")).toBe(message);
  }
}

const word = fc.oneof(
  fc.constantFrom(
    "Zoë",
    "Łukasz",
    "مريم",
    "李小龍",
    "O'Brien & <Söhne>",
    "👩‍🚀",
    "Анна",
    ".",
    "=?utf-8?q?x?=",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).filter((text) => !/\p{C}/u.test(text)),
);
const person = fc.record({
  firstName: fc.option(word),
  city: fc.option(fc.oneof(word, fc.constant("Zürich"))),
  language: fc.constantFrom("en", "de", "fr", "ar", "ja"),
  timeZone: fc.constantFrom("UTC", "Europe/Zurich", "Asia/Tokyo", "America/New_York"),
  orders: fc.array(fc.record({ title: word, price: fc.double({ min: 0, max: 9999, noNaN: true }) }), {
    maxLength: 4,
  }),
});
const letter = fc.record({
  subject: fc.constantFrom(
    "{{ contact.first_name | default: 'Hello' }} – 20 %",
    "Angebot für {{ contact.city }}",
    "نعم",
  ),
  extra: fc.array(
    fc.oneof(
      word,
      fc.constantFrom(
        "{% for order in contact.orders %}<b>{{ order.title | upcase }}</b> {{ order.price | currency: 'EUR' }}{% endfor %}",
        "{{ 'now' | date: '%A, %d %B %Y, %H:%M' }}",
        '<a href="https://shop.example/{{ contact.city | url_encode }}?n={{ contact.first_name }}">Yours</a>',
        `${"x".repeat(1200)}`,
        "{{ settings.company_name }}",
      ),
    ),
    { maxLength: 5 },
  ),
});

type Made<Of> = Of extends fc.Arbitrary<infer Value> ? Value : never;

let made = 0;
async function sendTo(people: readonly Made<typeof person>[], source: Made<typeof letter>): Promise<string> {
  const { db } = product;
  const ids: string[] = [];
  for (const { firstName, city, language, timeZone, orders } of people) {
    const email = `person${++made}@example.org`;
    const row = await db.first<{ id: string }>(sql`
      insert into contacts (email, email_key, first_name, city, language, time_zone, attributes)
      values (${email}, ${email}, ${firstName}, ${city}, ${language}, ${timeZone}, ${JSON.stringify({ orders })}::jsonb) returning id`);
    ids.push(row?.id ?? "");
  }
  const html = `<html lang="en"><body><p>Dear {{ contact.first_name | default: "friend" }}</p>
    <a href="https://shop.example/spring">Spring</a>
    ${source.extra.map((part) => `<p>${part.includes("{") || part.startsWith("<a") ? part : part.replace(/[<&{%]/g, "")}</p>`).join("\n")}
    <p>{{ settings.postal_address }} <a href="{{ links.subscription_center }}">Preferences</a></p></body></html>`;
  const messageVersionId = await aLiveVersion(db, { subject: source.subject, html });
  const mailing = await db.transaction(async (tx) => {
    const mailingId = await ensureMailing(tx, { kind: "transactional", messageVersionId });
    await enqueueFromSql(tx, {
      mailingId,
      from: sql`select id as contact_id, id as visit_id from unnest(${ids}::bigint[]) as id`,
    });
    return mailingId;
  });
  await untilSettled(db, mailing);
  expect(await totalsOf(db, mailing)).toEqual({ queued: ids.length, accepted: ids.length });
  return messageVersionId;
}

/** Everything that a message was made from and that can change afterwards, changes. */
async function changeEverything(versionId: string): Promise<void> {
  const { db, product: running } = product;
  await db.run(sql`
    update contacts set first_name = 'Other', city = 'Elsewhere', language = 'sv', time_zone = 'Asia/Kolkata', attributes = '{}',
      email = 'new-' || email, email_key = 'new-' || email_key`);
  await db.run(sql`
    update content_settings set company_name = 'Other ' || id || now(), postal_address = 'Moved', from_name = 'Someone else'`);
  const admin = await product.as("admin");
  const repair = await admin.request("PUT", `/api/message-versions/mlv_${versionId}/links/1`, {
    url: `https://shop.example/repaired-${versionId}`,
  });
  expect(repair.status).toBe(200);
  // A key of links that signs from now on, and one of the domain.
  expect((await admin.request("POST", "/api/tracking/keys")).status).toBe(200);
  await db.run(sql`update tracking_keys set created_at = created_at - interval '5 minutes'`);
  await running.tracking.keys.refresh();
  const signing = domain.keys.filter(({ life }) => life === "signing");
  const before = new Set(domain.keys.map(({ id }) => id));
  domain = await ask(`/${domain.id}/keys`, { algorithm: "ed25519-sha256" });
  for (const { id } of domain.keys)
    if (!before.has(id))
      domain = await ask(`/${domain.id}/keys/${id}/switch`, { isActive: true, force: true });
  for (const { id } of signing) domain = await ask(`/${domain.id}/keys/${id}/switch`, { isActive: false });
}

/** Sends one more message and counts the keys of the domain that have signed so far. */
async function signersAfterOneMore(): Promise<number> {
  await sendTo([{ firstName: "Ana", city: "Oslo", language: "en", timeZone: "UTC", orders: [] }], {
    subject: "Angebot für {{ contact.city }}",
    extra: [],
  });
  const selectors = sink.received.flatMap(({ data }) =>
    [...data.toString("latin1").matchAll(/^\s*.*[;\s]s=(\w+)/gm)].map(([, selector]) => selector),
  );
  return new Set(selectors).size;
}

test("[D5] every message is made again byte by byte as it arrived, whatever changed since", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 4 }), letter, async (people, source) => {
      const versionId = await sendTo(people, source);
      await expectTheSameAgain();
      await changeEverything(versionId);
      await expectTheSameAgain();
    }),
    { numRuns: 12, endOnFailure: true },
  );
  // A sender hears of a new key of the domain within seconds.
  await expect.poll(signersAfterOneMore, { timeout: 20_000 }).toBeGreaterThan(1);
  await expectTheSameAgain();
  expect(product.product.tracking.keys.current()).toBeGreaterThan(3);
}, 120_000);
