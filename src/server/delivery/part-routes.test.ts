import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { readToken } from "#core/tracking/tokens.ts";
import { aMailingToAll, someContacts, until, untilSettled } from "#test/mailing.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { type LocalProvider, providerKey, type Reaction, startProvider } from "#test/provider.ts";
import { sql } from "../platform/index.ts";
import { loadTrackingKeys } from "../tracking/index.ts";
import { startSender } from "./index.ts";

let product: TestProduct;
let admin: Agent;
let provider: LocalProvider;
let react: (to: string) => Reaction;
let stop: (() => Promise<void>) | undefined;

beforeEach(async () => {
  product = await createTestProduct();
  admin = await product.as("admin");
  react = () => undefined;
  stop = undefined;
  provider = await startProvider({ react: (to) => react(to) });
});
afterEach(async () => {
  await stop?.();
  await provider.close();
  await product.stop();
});

async function send(kind: "sendgrid" | "postmark", contacts: number): Promise<string> {
  const answer = await admin.request("POST", "/api/routes", {
    name: "Provider",
    kind,
    providerScope: kind === "postmark" ? "broadcast" : null,
    host: "127.0.0.1",
    port: provider.port,
    tls: "none",
    username: "apikey",
    password: providerKey.password,
  });
  const { id } = z.object({ id: z.string() }).parse(answer.body);
  await admin.request("POST", `/api/routes/${id}/default`);
  expect((await admin.request("POST", `/api/routes/${id}/test`)).body).toMatchObject({ works: true });
  await someContacts(product.db, contacts);
  await product.db.run(
    sql`update contacts set first_name = 'Zoë "Q" <x@y.test>', last_name = 'Müller 🎉' where email like 'person2@%'`,
  );
  const mailing = await aMailingToAll(product.db);
  stop = startSender(product.platform, {
    keys: await loadTrackingKeys(product.platform),
    pollMilliseconds: 50,
    stopMilliseconds: 2000,
  });
  return mailing;
}

const Made = z.object({
  subject: z.string(),
  fromName: z.string(),
  fromAddress: z.string(),
  html: z.string(),
  text: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
});
const plain = (text: string) => text.replaceAll("\r\n", "\n").trim();

const SendGrid = z
  .object({
    personalizations: z.tuple([
      z.object({ to: z.tuple([z.object({ email: z.string(), name: z.string().optional() })]) }),
    ]),
    from: z.object({ email: z.string(), name: z.string() }),
    subject: z.string(),
    content: z.tuple([
      z.object({ type: z.literal("text/plain"), value: z.string() }),
      z.object({ type: z.literal("text/html"), value: z.string() }),
    ]),
    headers: z.record(z.string(), z.string()),
    tracking_settings: z.record(z.string(), z.object({ enable: z.literal(false) })),
  })
  .transform(({ from, subject, content, headers }) => ({
    from: `"${from.name}" <${from.email}>`,
    subject,
    text: content[0].value,
    html: content[1].value,
    headers: new Map(Object.entries(headers)),
  }));
const Postmark = z
  .object({
    From: z.string(),
    Subject: z.string(),
    HtmlBody: z.string(),
    TextBody: z.string(),
    Headers: z.array(z.object({ Name: z.string(), Value: z.string() })),
    MessageStream: z.literal("broadcast"),
    TrackOpens: z.literal(false),
    TrackLinks: z.literal("None"),
  })
  .transform(({ From, Subject, HtmlBody, TextBody, Headers }) => ({
    from: From,
    subject: Subject,
    text: TextBody,
    html: HtmlBody,
    headers: new Map(Headers.map(({ Name, Value }) => [Name, Value])),
  }));

test.each(["sendgrid", "postmark"] as const)(
  "[S11] [S12] %s is given the parts that were made, every header of ours, and the bounce token",
  async (kind) => {
    const mailing = await send(kind, 4);
    await untilSettled(product.db, mailing);
    expect(provider.taken.map(({ to }) => to).toSorted()).toEqual(
      [1, 2, 3, 4].map((at) => `person${at}@example.org`),
    );
    const { mac } = await loadTrackingKeys(product.platform);
    for (const { to, message, tag } of provider.taken) {
      const row = await product.db.first<{ id: string; reply: string }>(
        sql`select delivery_id as id, reply from delivery_log where address = ${to}`,
      );
      expect(row?.reply).toMatch(/accepted it as m-\d/);
      expect(readToken(tag, "bounce", mac)?.deliveryId).toBe(row?.id);
      const made = Made.parse((await admin.request("GET", `/api/deliveries/dlv_${row?.id}/message`)).body);
      const given = (kind === "sendgrid" ? SendGrid : Postmark).parse(JSON.parse(message.toString()));
      expect(given.subject).toBe(made.subject);
      expect(given.from).toBe(`"${made.fromName}" <${made.fromAddress}>`);
      expect(plain(given.html)).toBe(plain(made.html));
      expect(plain(given.text)).toBe(plain(made.text));
      for (const name of ["Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID"])
        expect(given.headers.get(name)).toBe(made.headers.find((header) => header.name === name)?.value);
      expect(given.headers.get("List-Unsubscribe-Post")).toBe("List-Unsubscribe=One-Click");
      for (const name of ["From", "To", "Subject", "Date", "Content-Type", "DKIM-Signature"])
        expect(given.headers.has(name)).toBe(false);
    }
    expect((await admin.request("GET", "/api/sending/verify")).body).toEqual({ holds: true, problems: [] });
  },
);

test("[S13] a sender that is not verified pauses the mailing, and nobody is lost when it goes on", async () => {
  react = () => ({ status: 422, body: { ErrorCode: 400, Message: "No confirmed signature for news@" } });
  const mailing = await send("postmark", 3);
  await until("it is paused", async () =>
    JSON.stringify((await admin.request("GET", `/api/mailings/mlg_${mailing}`)).body).includes(
      "No confirmed signature",
    ),
  );
  expect(provider.taken).toEqual([]);
  react = () => undefined;
  await until("what was handed over is put off", async () => {
    const leased = sql`select from delivery_chunks where lease_owner is not null union all
      select from delivery_retries where lease_owner is not null`;
    return (await product.db.rows(leased)).length === 0;
  });
  await product.db.run(sql`update delivery_retries set next_at = now()`);
  await admin.request("POST", `/api/mailings/mlg_${mailing}/resume`);
  await untilSettled(product.db, mailing);
  expect(provider.taken).toHaveLength(3);
  expect((await admin.request("GET", "/api/sending/verify")).body).toEqual({ holds: true, problems: [] });
});

test("[S9] [D110] SendGrid's own limit is waited for until it is over, and slows no receiving domain", async () => {
  const inAnHour = String(Math.floor(Date.now() / 1000) + 3600);
  react = (to) =>
    to.startsWith("person1@")
      ? { status: 429, body: {}, headers: { "x-ratelimit-reset": inAnHour } }
      : undefined;
  await send("sendgrid", 2);
  await until(
    "one waits",
    async () => (await product.db.rows(sql`select from delivery_retries`)).length === 1,
  );
  const [retry] = await product.db.rows<{ seconds: number }>(
    sql`select extract(epoch from next_at - now())::float8 as seconds from delivery_retries`,
  );
  expect(retry?.seconds).toBeGreaterThan(3500);
  expect(await product.db.rows(sql`select from domain_paces`)).toEqual([]);
  expect(await product.db.rows(sql`select from suppressions`)).toEqual([]);
});
