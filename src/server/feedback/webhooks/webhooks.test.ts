import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { createWebServer } from "#server/platform/http/server.ts";
import { openDatabase, type Platform, sql } from "#server/platform/index.ts";
import { until } from "#test/mailing.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { severable } from "#test/severable-database.ts";
import { testCertificate } from "#test/test-certificate.ts";
import { messageIdName } from "../../delivery/index.ts";
import { startTally } from "../index.ts";
import { createSnsVerifier, type FetchPage, signedText } from "./verify-sns.ts";
import { bindWebhookDoor } from "./webhook-door.ts";

const topicArn = "arn:aws:sns:eu-central-1:123456789012:bounces";
const certificateUrl = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem";
const sendGridKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const sendGridKey = sendGridKeys.publicKey.export({ format: "der", type: "spki" }).toString("base64");

let world: TestProduct;
let app: FastifyInstance;
let admin: Agent;
let deliveryIds: readonly string[];
/** Pages of Amazon that were asked for. */
let fetched: string[];

beforeEach(async () => {
  world = await createTestProduct();
  fetched = [];
  app = await openDoor(world.platform);
  admin = await world.as("admin");
  const contactIds = await someContacts(world.db, ["ana@example.org", "bob@example.org"]);
  ({ deliveryIds } = await aMailing(world.db, { contactIds }));
});
afterEach(async () => {
  await app.close();
  await world.stop();
});

/** The door as the product has it, but asking nobody outside. */
async function openDoor(platform: Platform): Promise<FastifyInstance> {
  const fetchPage: FetchPage = async (url) => {
    fetched.push(url);
    return testCertificate.cert;
  };
  const server = await createWebServer(platform);
  const tally = startTally(platform.db, platform.log);
  const deps = { platform, tracking: world.product.tracking, fetchPage };
  bindWebhookDoor(server, { ...deps, verifySns: createSnsVerifier(fetchPage) }, tally);
  server.addHook("onClose", () => tally.stop());
  await server.ready();
  return server;
}

type Made = { id: string; address: string };
async function make(provider: string, proof: object = {}): Promise<Made> {
  const answer = await admin.request("POST", "/api/webhooks", { name: provider, provider, ...proof });
  expect(answer.status).toBe(200);
  return answer.body as Made;
}
const pathOf = ({ address }: Made) => new URL(address).pathname;
type Sent = { readonly body: string; readonly headers?: Record<string, string> };
const post = async (hook: Made, { body, headers = {} }: Sent, door = app) =>
  (
    await door.inject({
      method: "POST",
      url: pathOf(hook),
      payload: body,
      headers: { "content-type": "application/json", ...headers },
    })
  ).statusCode;

const idOf = (place = 0) => deliveryIds[place] ?? "";
const tagOf = (place = 0) => mintTokens(idOf(place), 1, world.product.tracking.keys.mac).bounce;
const messageIdOf = (place = 0) => `<${idOf(place)}.${messageIdName(world.platform)}@postroad.test>`;

function bySendGrid(events: unknown, at = Date.now()): Sent {
  const body = JSON.stringify(events);
  const time = String(Math.floor(at / 1000));
  const signature = createSign("SHA256").update(time).update(body).sign(sendGridKeys.privateKey, "base64");
  return {
    body,
    headers: {
      "x-twilio-email-event-webhook-signature": signature,
      "x-twilio-email-event-webhook-timestamp": time,
    },
  };
}
const bounced = (place = 0, event: object = {}) => ({
  event: "bounce",
  email: place === 0 ? "ana@example.org" : "bob@example.org",
  sg_event_id: `e${place}`,
  status: "5.1.1",
  reason: "550 5.1.1 no such user",
  "smtp-id": messageIdOf(place),
  ...event,
});

function byMailgun(event: object, { at = Date.now(), token = "t1", key = "mailgun-key" } = {}): Sent {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac("sha256", key)
    .update(timestamp + token)
    .digest("hex");
  return {
    body: JSON.stringify({
      signature: { timestamp, token, signature },
      "event-data": { id: "m1", ...event },
    }),
  };
}

function bySns(message: object, changes: object = {}, version = "2", sign: object = {}): Sent {
  const given = {
    Type: "Notification" as const,
    MessageId: "n1",
    TopicArn: topicArn,
    Message: JSON.stringify(message),
    Timestamp: new Date().toISOString(),
    ...sign,
  };
  const Signature = createSign(version === "1" ? "RSA-SHA1" : "RSA-SHA256")
    .update(signedText(given))
    .sign(testCertificate.key, "base64");
  const body = JSON.stringify({
    ...given,
    SignatureVersion: version,
    Signature,
    SigningCertURL: certificateUrl,
    ...changes,
  });
  return { body, headers: { "content-type": "text/plain; charset=UTF-8" } };
}
const sesComplaint = () => ({
  notificationType: "Complaint",
  mail: {
    messageId: "s1",
    source: "x@y.test",
    destination: ["ana@example.org"],
    commonHeaders: { messageId: messageIdOf() },
  },
  complaint: {
    feedbackId: "f1",
    complaintFeedbackType: "abuse",
    complainedRecipients: [{ emailAddress: "ana@example.org" }],
  },
});

const suppressed = () => world.db.rows(sql`select address_key, category from suppressions order by 1`);
const ana = (category: string) => [{ address_key: "ana@example.org", category }];
const countsOf = async (hook: Made) => {
  const { body } = await admin.request("GET", "/api/webhooks");
  const { items } = body as {
    items: { id: string; counts: { kind: string; total: number; note: string | null }[] }[];
  };
  return Object.fromEntries(
    items.find(({ id }) => id === hook.id)?.counts.map(({ kind, total }) => [kind, total]) ?? [],
  );
};
const countsRefused = (hook: Made, times: number) =>
  until("the refusals are counted", async () => (await countsOf(hook)).refused === times);

describe("[D90] SendGrid", () => {
  test("a signed batch counts once, however often it comes, and only what concerns us is kept", async () => {
    const hook = await make("sendgrid", { key: sendGridKey });
    const open = { event: "open", sg_event_id: "e9", "smtp-id": messageIdOf(1) };
    const foreign = bounced(1, { sg_event_id: "e8", "smtp-id": "<1.ffffffff@elsewhere.test>" });
    const batch = bySendGrid([bounced(), open, foreign]);
    expect(await post(hook, batch)).toBe(200);
    expect(await post(hook, batch)).toBe(200);
    expect(await world.db.rows(sql`select delivery_id, category, is_hard from bounces`)).toEqual([
      { delivery_id: idOf(), category: "invalid-mailbox", is_hard: true },
    ]);
    expect(await suppressed()).toEqual(ana("hard-bounce"));
    expect(await countsOf(hook)).toEqual({ bounce: 2, foreign: 2, other: 2 });
    const listed = await admin.request("GET", `/api/feedback/reports?way=${hook.id}`);
    expect(listed.body).toMatchObject({
      items: [{ kind: "bounce", way: hook.id, deliveryId: `dlv_${idOf()}` }],
    });
  });

  test("what is not signed, signed by another key, changed or too old is refused and counted", async () => {
    const hook = await make("sendgrid", { key: sendGridKey });
    const good = bySendGrid([bounced()]);
    expect(await post(hook, { body: good.body })).toBe(401);
    expect(await post(hook, { ...good, body: good.body.replace("5.1.1", "5.1.2") })).toBe(401);
    expect(await post(hook, bySendGrid([bounced()], Date.now() - 31 * 86_400_000))).toBe(401);
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
    const key = other.export({ format: "der", type: "spki" }).toString("base64");
    await admin.request("PUT", `/api/webhooks/${hook.id}`, { name: "other", key });
    expect(await post(hook, good)).toBe(401);
    await countsRefused(hook, 4);
    expect(await suppressed()).toEqual([]);
  });

  test("[D92] a Message-ID counts only for the address that the message went to, a signed tag alone does", async () => {
    const hook = await make("sendgrid", { key: sendGridKey });
    await post(hook, bySendGrid([bounced(0, { email: "mallory@example.org" })]));
    expect(await suppressed()).toEqual([]);
    await post(
      hook,
      bySendGrid([
        { event: "spamreport", email: "forwarded@example.org", sg_event_id: "e2", postroad: tagOf() },
      ]),
    );
    expect(await suppressed()).toEqual(ana("complaint"));
  });

  test("[D48] that a message arrived settles a doubt, and is not kept", async () => {
    const hook = await make("sendgrid", { key: sendGridKey });
    const contactIds = await someContacts(world.db, ["cleo@example.org"]);
    ({ deliveryIds } = await aMailing(world.db, { contactIds, fates: { 0: { outcome: "in-doubt" } } }));
    await post(hook, bySendGrid([bounced(0, { event: "delivered", email: "Cleo@example.org" })]));
    expect(
      await world.db.rows(sql`select outcome, reason from delivery_log where delivery_id = ${idOf()}`),
    ).toEqual([{ outcome: "accepted", reason: "told-by-receiver" }]);
    expect(await world.db.rows(sql`select from feedback`)).toEqual([]);
  });

  test("what is signed but in no known shape is kept for people to look at, and not asked for again", async () => {
    const hook = await make("sendgrid", { key: sendGridKey });
    expect(await post(hook, bySendGrid({ hello: "you" }))).toBe(200);
    const listed = await admin.request("GET", "/api/feedback/reports?kind=not-understood");
    expect(listed.body).toMatchObject({ items: [{ hasSource: true, deliveryId: null, way: hook.id }] });
  });
});

describe("[D90] Mailgun", () => {
  const unsubscribed = () => ({
    event: "unsubscribed",
    recipient: "ana@example.org",
    "user-variables": { postroad: tagOf() },
  });

  test("a wish withdraws consent; its token opens once", async () => {
    const hook = await make("mailgun", { key: "mailgun-key" });
    const sent = byMailgun(unsubscribed());
    const both = await Promise.all([post(hook, sent), post(hook, sent)]);
    expect(both).toEqual([200, 200]);
    expect(await world.db.rows(sql`select address_key, granted from consents`)).toEqual([
      { address_key: "ana@example.org", granted: false },
    ]);
    expect(await countsOf(hook)).toEqual({ unsubscribe: 1 });
    expect(await post(hook, byMailgun({ event: "complained", recipient: "bob@example.org" }))).toBe(401);
    await countsRefused(hook, 1);
  });

  test("a wrong key and a time that is not believed are refused", async () => {
    const hook = await make("mailgun", { key: "mailgun-key" });
    expect(await post(hook, byMailgun(unsubscribed(), { key: "guessed" }))).toBe(401);
    expect(await post(hook, byMailgun(unsubscribed(), { at: Date.now() - 25 * 3_600_000 }))).toBe(401);
    expect(await post(hook, byMailgun(unsubscribed(), { at: Date.now() + 3_600_000 }))).toBe(401);
    expect(await world.db.rows(sql`select from consents`)).toEqual([]);
  });
});

describe("[D91] Amazon SES", () => {
  test.each(["1", "2"])(
    "a notification with signature version %s counts; the certificate is fetched once",
    async (version) => {
      const hook = await make("ses", { topicArn });
      expect(await post(hook, bySns(sesComplaint(), {}, version))).toBe(200);
      expect(await post(hook, bySns(sesComplaint(), {}, version))).toBe(200);
      expect(await suppressed()).toEqual(ana("complaint"));
      expect(await world.db.rows(sql`select kind from interactions`)).toEqual([{ kind: "complaint" }]);
      expect(fetched).toEqual([certificateUrl]);
    },
  );

  test("a subscription is confirmed at Amazon, where the topic is ours", async () => {
    const hook = await make("ses", { topicArn });
    const SubscribeURL = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=t";
    const sign = { Type: "SubscriptionConfirmation", Token: "t", SubscribeURL };
    expect(await post(hook, bySns({}, {}, "2", sign))).toBe(200);
    expect(fetched).toEqual([certificateUrl, SubscribeURL]);
    fetched = [];
    const elsewhere = { ...sign, SubscribeURL: "https://sns.eu-central-1.amazonaws.com.evil.test/" };
    expect(await post(hook, bySns({}, {}, "2", elsewhere))).toBe(401);
    expect(
      await post(hook, bySns({}, {}, "2", { ...sign, TopicArn: topicArn.replace("1234", "4321") })),
    ).toBe(401);
    expect(fetched).toEqual([]);
  });

  test.each([
    "http://sns.eu-central-1.amazonaws.com/a.pem",
    "https://sns.us-east-1.amazonaws.com/a.pem",
    "https://sns.eu-central-1.amazonaws.com.evil.test/a.pem",
    "https://evil.test/sns.eu-central-1.amazonaws.com/a.pem",
    "https://sns.eu-central-1.amazonaws.com@evil.test/a.pem",
    "https://sns.eu-central-1.amazonaws.com:8443/a.pem",
    "https://169.254.169.254/latest.pem",
    "https://sns.eu-central-1.amazonaws.com/?Action=Publish",
    "file:///etc/passwd.pem",
  ])("no certificate is fetched from %s", async (url) => {
    const hook = await make("ses", { topicArn });
    expect(await post(hook, bySns(sesComplaint(), { SigningCertURL: url }))).toBe(401);
    expect(fetched).toEqual([]);
  });

  test("a message that was changed after it was signed is refused", async () => {
    const hook = await make("ses", { topicArn });
    expect(await post(hook, bySns(sesComplaint(), { Message: "{}" }))).toBe(401);
    expect(await suppressed()).toEqual([]);
  });
});

test("[D90] Postmark: the secret in the address counts, and user and password where they are set", async () => {
  const body = JSON.stringify({
    RecordType: "SpamComplaint",
    ID: 1,
    Email: "ana@example.org",
    Metadata: { postroad: tagOf() },
  });
  const open = await make("postmark");
  expect(await post(open, { body })).toBe(200);
  expect(await suppressed()).toEqual(ana("complaint"));
  const guarded = await make("postmark", { key: "user:pass word" });
  const authorization = `Basic ${Buffer.from("user:pass word").toString("base64")}`;
  expect(await post(guarded, { body })).toBe(401);
  expect(await post(guarded, { body, headers: { authorization: `${authorization}x` } })).toBe(401);
  expect(await post(guarded, { body, headers: { authorization } })).toBe(200);
});

describe("[D90] the address", () => {
  test("is turned away without its secret or with the secret of another provider, and above 2 MB", async () => {
    const hook = await make("postmark");
    const strange = { ...hook, address: `${hook.address}x` };
    expect(await post(strange, { body: "{}" })).toBe(404);
    expect(await post({ ...hook, address: hook.address.replace("postmark", "ses") }, { body: "{}" })).toBe(
      404,
    );
    expect(await post(hook, { body: `"${"x".repeat(2 * 1024 * 1024)}"` })).toBe(413);
  });

  test("can be replaced, with a day for both, and taken away; those who may not change settings do not see it", async () => {
    const hook = await make("postmark");
    const rotated = (await admin.request("POST", `/api/webhooks/${hook.id}/rotate`)).body as Made;
    expect(rotated.address).not.toBe(hook.address);
    expect(await post(hook, { body: "{}" })).toBe(200);
    expect(await post(rotated, { body: "{}" })).toBe(200);
    await world.db.run(sql`update webhooks set previous_until = now() - interval '1 second'`);
    expect(await post(hook, { body: "{}" })).toBe(404);
    const analyst = await world.as("analyst");
    expect((await analyst.request("GET", "/api/webhooks")).body).toMatchObject({
      items: [{ id: hook.id, address: null }],
    });
    expect((await admin.request("DELETE", `/api/webhooks/${hook.id}`)).status).toBe(200);
    expect(await post(rotated, { body: "{}" })).toBe(404);
    expect((await admin.request("POST", `/api/webhooks/${hook.id}/rotate`)).status).toBe(404);
  });

  test.each([
    ["ses", {}],
    ["ses", { topicArn, key: "x" }],
    ["sendgrid", {}],
    ["sendgrid", { key: "-----BEGIN" }],
    ["mailgun", {}],
    ["postmark", { key: "nobody" }],
  ])("is not made for %s with %j", async (provider, proof) => {
    const answer = await admin.request("POST", "/api/webhooks", { name: "x", provider, ...proof });
    expect(answer).toMatchObject({ status: 400, body: { code: "feedback.webhook-key-not-usable" } });
  });

  test("asks for patience while the database is away, and says yes after the commit only", async () => {
    const hook = await make("sendgrid", { key: sendGridKey });
    const door = await severable(world.databaseUrl);
    const db = openDatabase(door.url, world.platform.log);
    const far = await openDoor({ ...world.platform, db });
    try {
      await door.sever();
      const url = pathOf(hook);
      const { body: payload, headers = {} } = bySendGrid([bounced()]);
      const away = await far.inject({ method: "POST", url, payload, headers });
      expect([away.statusCode, away.headers["retry-after"]]).toEqual([503, "30"]);
      await door.restore();
      await world.db.run(sql`alter table bounces rename to hidden`);
      expect(await post(hook, { body: payload, headers }, far)).toBe(500);
      expect(await world.db.rows(sql`select from feedback`)).toEqual([]);
      await world.db.run(sql`alter table hidden rename to bounces`);
      expect(await post(hook, { body: payload, headers }, far)).toBe(200);
      expect(await suppressed()).toEqual(ana("hard-bounce"));
    } finally {
      await far.close();
      await db.close();
      await door.close();
    }
  });
});
