import { createPublicKey, type KeyObject } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { authenticate } from "mailauth";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SendingDomain } from "#contract/sending-domains.ts";
import { startSender, verifyDelivery } from "#server/delivery/index.ts";
import { sql } from "#server/platform/index.ts";
import { type DnsServer, startDnsServer } from "#test/dns-server.ts";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import {
  aMailingToAll,
  aRoute,
  someContacts,
  testKeys,
  totalsOf,
  until,
  untilSettled,
} from "#test/mailing.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";
import { verifyDkim } from "#test/verify-dkim.ts";

const firstRecipient = "person1@example.org";
let dns: DnsServer;
let product: TestProduct;
let sink: HostileSink;
let stop: (() => Promise<void>) | undefined;
beforeEach(async () => {
  dns = await startDnsServer({
    "TXT _dmarc.sender.test": ["v=DMARC1; p=reject; adkim=s; rua=mailto:reports@sender.test"],
    "TXT sender.test": ["v=spf1 mx -all"],
    "TXT bounces.sender.test": ["v=spf1 ip4:127.0.0.1 -all"],
    "MX sender.test": ["10 mx.sender.test"],
    "MX bounces.sender.test": ["10 mx.sender.test"],
    "A mx.sender.test": ["192.0.2.1"],
  });
  product = await createTestProduct({ dns: dns.address });
  let isDeferred = false;
  sink = await startHostileSink({
    react({ name, text }) {
      // One is put off, so that its second attempt meets the other keys.
      if (name !== "rcpt" || isDeferred || !text.includes(firstRecipient)) return undefined;
      isDeferred = true;
      return "450 4.2.0 later";
    },
  });
  await product.db.run(sql`delete from routes`);
  await aRoute(product.db, { port: sink.port });
});
afterEach(async () => {
  await stop?.();
  stop = undefined;
  await sink.close();
  await product.stop();
  await dns.close();
});

async function ask(path: string, body?: object) {
  const admin = await product.as("admin");
  return SendingDomain.parse((await admin.request("POST", `/api/sending-domains${path}`, body)).body);
}

type Domain = Awaited<ReturnType<typeof ask>>;

/** Publishes what the page says about these keys. */
function publish({ findings }: Domain, ...selectors: string[]): void {
  for (const selector of selectors) {
    const record = findings.find(({ name }) => name.startsWith(`${selector}._domainkey`))?.record;
    dns.zone[`TXT ${record?.name}`] = [record?.value ?? ""];
  }
}

/** What arrived, without the dots that SMTP doubled. */
const messages = () =>
  sink.received
    .filter(({ data }) => data.length > 0)
    .map(({ data }) => data.toString("latin1").replace(/(^|\r\n)\.\./g, "$1."));
const selectorsOf = (message: string) =>
  [...message.slice(0, message.indexOf("\r\nFrom:")).matchAll(/[;\s]s=(\w+)/g)]
    .map(([, selector]) => selector)
    .join();

/** Asks the name server of this test, and nobody else. */
function resolver() {
  const asking = new Resolver();
  asking.setServers([dns.address]);
  return (name: string, type: string) => (type === "TXT" ? asking.resolveTxt(name) : asking.resolve4(name));
}

/** The keys as they stand in DNS, for the verifier that takes keys. */
function publishedKeys(): Record<string, KeyObject> {
  const keys = Object.entries(dns.zone).flatMap(([name, [record]]) => {
    const [, selector] = /^TXT (\w+)\._domainkey\./.exec(name) ?? [];
    const [, algorithm, p] = /k=(\w+); p=(\S+)/.exec(String(record)) ?? [];
    if (selector === undefined || p === undefined) return [];
    // RFC 8410: what stands before the 32 bytes of an Ed25519 key.
    const prefix = algorithm === "ed25519" ? Buffer.from("302a300506032b6570032100", "hex") : Buffer.alloc(0);
    const key = Buffer.concat([prefix, Buffer.from(p, "base64")]);
    return [[selector, createPublicKey({ key, format: "der", type: "spki" })]];
  });
  return Object.fromEntries(keys);
}

async function verdictsOf(message: string): Promise<string[]> {
  const { results } = await dkimVerify(Buffer.from(message, "latin1"), { resolver: resolver() });
  return results.map(({ status }) => status.result);
}

function send(): void {
  stop = startSender(product.platform, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 });
}

async function aVerifiedDomain(): Promise<Domain> {
  const made = await ask("", { domain: "sender.test" });
  publish(made, "p1", "p2");
  const checked = await ask(`/${made.id}/check`);
  expect(checked.signing.state).toBe("signs");
  return checked;
}

test("[S5] [S20] F-63: a DKIM key that is replaced in the middle of a mailing leaves no message unsigned, none held, and every signature good", async () => {
  const { db } = product;
  const domain = await aVerifiedDomain();
  await db.run(sql`update routes set messages_per_second = 80`);
  await someContacts(db, 800);
  const mailing = await aMailingToAll(db);
  send();
  await until("it sends", async () => sink.received.length > 40);
  const made = await ask(`/${domain.id}/keys`, {
    algorithm: "rsa-sha256",
    replacesKeyId: domain.keys[0]?.id,
  });
  const before = sink.received.length;
  await until("it goes on meanwhile", async () => sink.received.length > before + 40);
  publish(made, "p3");
  await ask(`/${domain.id}/check`);
  await until("the new key signs", async () => selectorsOf(messages().at(-1) ?? "").includes("p3"));
  await db.run(sql`update routes set messages_per_second = null, updated_at = clock_timestamp()`);
  await db.run(sql`update delivery_retries set next_at = now()`);
  await untilSettled(db, mailing);

  expect(await totalsOf(db, mailing)).toEqual({ queued: 800, accepted: 800 });
  expect(await verifyDelivery(db)).toEqual([]);
  expect(await db.rows(sql`select state, held_domain from mailings`)).toEqual([
    { state: "running", held_domain: null },
  ]);
  const all = messages();
  expect(all).toHaveLength(800);
  const first = all.findIndex((message) => selectorsOf(message).includes("p3"));
  expect([...new Set(all.map(selectorsOf))].sort()).toEqual(["p1,p2", "p2,p3"]);
  expect(first).toBeGreaterThan(80);
  const keys = publishedKeys();
  for (const message of all) {
    expect(verifyDkim(message, keys)).toEqual([true, true]);
    expect(await verdictsOf(message)).toEqual(["pass", "pass"]);
  }
  const late = all.find((message) => message.includes(firstRecipient)) ?? "";
  expect(selectorsOf(late)).toBe("p2,p3");
});

test("[S21] mail of a verified domain passes DMARC with both legs, and by its signature alone when it is forwarded", async () => {
  const { db } = product;
  await aVerifiedDomain();
  await db.run(sql`update routes set bounce_domain = 'bounces.sender.test', updated_at = clock_timestamp()`);
  await someContacts(db, 3);
  const mailing = await aMailingToAll(db);
  send();
  await until("one is put off", async () => (await db.rows(sql`select from delivery_retries`)).length === 1);
  await db.run(sql`update delivery_retries set next_at = now()`);
  await untilSettled(db, mailing);
  const from = sink.received.find(({ data }) => data.length > 0)?.from ?? "";
  const [message = ""] = messages();
  const judge = async (ip: string, text = message) => {
    const { dkim, spf, dmarc } = await authenticate(Buffer.from(text, "latin1"), {
      ip,
      helo: "mail.sender.test",
      mta: "mx.example.org",
      sender: from,
      resolver: resolver(),
    });
    return {
      dkim: dkim.results.map(({ status }) => status.result),
      spf: spf !== false && spf?.status.result,
      dmarc: dmarc !== false && dmarc?.status.result,
      policy: dmarc !== false && dmarc?.policy,
    };
  };
  const both = { dkim: ["pass", "pass"], spf: "pass", dmarc: "pass", policy: "reject" };
  expect(from).toMatch(/^b\+.+@bounces\.sender\.test$/);
  expect(await judge("127.0.0.1")).toEqual(both);
  expect(await judge("192.0.2.99")).toEqual({ ...both, spf: "fail" });
  const changed = message.replace(/Subject: ./, "Subject: X");
  expect(await judge("192.0.2.99", changed)).toMatchObject({ dkim: ["fail", "fail"], dmarc: "fail" });
});
