import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startSender } from "#server/delivery/index.ts";
import { createWebServer } from "#server/platform/http/server.ts";
import { sql } from "#server/platform/index.ts";
import { aMailingToAll, someContacts, until } from "#test/mailing.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { type LocalProvider, providerKey, startProvider } from "#test/provider.ts";
import { testCertificate } from "#test/test-certificate.ts";
import { startTally } from "../index.ts";
import { createSnsVerifier, signedText } from "./verify-sns.ts";
import { bindWebhookDoor } from "./webhook-door.ts";

const topicArn = "arn:aws:sns:eu-central-1:123456789012:bounces";
const sendGridKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const hasAddress = z.object({ address: z.string() });

let world: TestProduct;
let admin: Agent;
let provider: LocalProvider;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  world = await createTestProduct();
  admin = await world.as("admin");
  provider = await startProvider();
  stops = [() => provider.close()];
});
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  await world.stop();
});

type Told = { readonly body: string; readonly headers?: Record<string, string> };
type Case = {
  readonly route: object;
  readonly proof: object;
  /** What the provider tells of a bounce of the message with this tag, as it signs it. */
  readonly tell: (tag: string, email: string) => Told;
};

const cases: Readonly<Record<string, Case>> = {
  ses: {
    route: { providerScope: "eu-central-1", username: providerKey.username },
    proof: { topicArn },
    tell: (tag, email) => {
      const message = {
        Type: "Notification" as const,
        MessageId: "n1",
        TopicArn: topicArn,
        Timestamp: new Date().toISOString(),
        Message: JSON.stringify({
          eventType: "Bounce",
          mail: { messageId: "s1", destination: [email], tags: { postroad: [tag] } },
          bounce: {
            bounceType: "Permanent",
            bounceSubType: "NoEmail",
            feedbackId: "f1",
            bouncedRecipients: [{ emailAddress: email }],
          },
        }),
      };
      const Signature = createSign("RSA-SHA256")
        .update(signedText(message))
        .sign(testCertificate.key, "base64");
      const SigningCertURL = "https://sns.eu-central-1.amazonaws.com/a.pem";
      return { body: JSON.stringify({ ...message, SignatureVersion: "2", Signature, SigningCertURL }) };
    },
  },
  mailgun: {
    route: { providerScope: "mg.example.org", username: "api" },
    proof: { key: "signing-key" },
    tell: (postroad, recipient) => {
      const [timestamp, token] = [String(Math.floor(Date.now() / 1000)), "t1"];
      const signature = createHmac("sha256", "signing-key")
        .update(timestamp + token)
        .digest("hex");
      const event = {
        id: "m1",
        event: "failed",
        severity: "permanent",
        recipient,
        "user-variables": { postroad },
        "delivery-status": { code: 550, message: "5.1.1 no such user" },
      };
      return { body: JSON.stringify({ signature: { timestamp, token, signature }, "event-data": event }) };
    },
  },
  sendgrid: {
    route: { providerScope: null, username: "apikey" },
    proof: { key: sendGridKeys.publicKey.export({ format: "der", type: "spki" }).toString("base64") },
    tell: (postroad, email) => {
      const body = JSON.stringify([
        { event: "bounce", email, sg_event_id: "e1", status: "5.1.1", reason: "550 no such user", postroad },
      ]);
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createSign("SHA256")
        .update(time + body)
        .sign(sendGridKeys.privateKey, "base64");
      return {
        body,
        headers: {
          "x-twilio-email-event-webhook-signature": signature,
          "x-twilio-email-event-webhook-timestamp": time,
        },
      };
    },
  },
  postmark: {
    route: { providerScope: "broadcast", username: "apikey" },
    proof: {},
    tell: (postroad, Email) => ({
      body: JSON.stringify({
        RecordType: "Bounce",
        ID: 1,
        Type: "HardBounce",
        Email,
        Metadata: { postroad },
      }),
    }),
  },
};

test.each(Object.entries(cases))(
  "[D92] what was really sent by %s is known again when it tells of it",
  async (kind, { route, proof, tell }) => {
    const common = {
      name: kind,
      kind,
      host: "127.0.0.1",
      port: provider.port,
      tls: "none",
      password: providerKey.password,
    };
    const made = await admin.request("POST", "/api/routes", { ...common, ...route });
    await admin.request("POST", `/api/routes/${z.object({ id: z.string() }).parse(made.body).id}/default`);
    await someContacts(world.db, 2);
    await aMailingToAll(world.db);
    stops.push(startSender(world.platform, { keys: world.product.tracking.keys, pollMilliseconds: 50 }));
    await until("both are taken", async () => provider.taken.length === 2);
    await until(
      "both are written down",
      async () => (await world.db.rows(sql`select from delivery_log`)).length === 2,
    );

    const hook = await admin.request("POST", "/api/webhooks", { name: kind, provider: kind, ...proof });
    const door = await createWebServer(world.platform);
    const fetchPage = async () => testCertificate.cert;
    const deps = { platform: world.platform, tracking: world.product.tracking, fetchPage };
    bindWebhookDoor(
      door,
      { ...deps, verifySns: createSnsVerifier(fetchPage) },
      startTally(world.db, world.platform.log),
    );
    stops.push(() => door.close());
    const sent = provider.taken[1];
    const { body, headers = {} } = tell(sent?.tag ?? "", sent?.to ?? "");
    const url = new URL(hasAddress.parse(hook.body).address).pathname;
    const answer = await door.inject({ method: "POST", url, payload: body, headers });
    expect(answer.statusCode).toBe(200);
    expect(await world.db.rows(sql`select address_key, category from suppressions`)).toEqual([
      { address_key: sent?.to, category: "hard-bounce" },
    ]);
  },
);
