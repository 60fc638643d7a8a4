import { afterEach, beforeEach, expect, test } from "vitest";
import type { z } from "zod";
import { SendingDomain } from "#contract/sending-domains.ts";
import { type DnsServer, startDnsServer } from "#test/dns-server.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";
import { findDomainKeys } from "./domain-keys.ts";

let product: TestProduct;
let admin: Agent;
let dns: DnsServer;
beforeEach(async () => {
  dns = await startDnsServer({
    "TXT _dmarc.example.com": ["v=DMARC1; p=reject; rua=mailto:d@example.com"],
    "TXT news.example.com": ["v=spf1 mx -all"],
    "MX news.example.com": ["10 mx.example.com"],
    "A mx.example.com": ["192.0.2.1"],
  });
  product = await createTestProduct({ dns: dns.address });
  admin = await product.as("admin");
});
afterEach(async () => {
  await product.stop();
  await dns.close();
});

async function ask(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object) {
  const answer = await admin.request(method, `/api/sending-domains${path}`, body);
  return SendingDomain.parse(answer.body);
}

type Domain = z.output<typeof SendingDomain>;
const add = (more = {}) => ask("POST", "", { domain: "news.example.com", ...more });
const recordOf = ({ findings }: Domain, selector: string) =>
  findings.find(({ name }) => name.startsWith(`${selector}.`))?.record ?? { name: "", value: "" };

function publish(domain: Domain, ...selectors: string[]): void {
  for (const selector of selectors) {
    const { name, value } = recordOf(domain, selector);
    // Long keys are published as split strings.
    dns.zone[`TXT ${name}`] = [[value.slice(0, 200), value.slice(200)].filter((part) => part !== "")];
  }
}

const signers = async () =>
  (await findDomainKeys(product.platform)).keysFor("news.example.com").map(({ selector }) => selector);

test("[S2] [S4] a domain comes with keys and records to publish, and signs once they are found", async () => {
  const made = await add();
  expect(made).toMatchObject({
    keys: [
      { selector: "p1", life: "signing", published: "missing" },
      { selector: "p2", algorithm: "ed25519-sha256" },
    ],
    signing: { state: "unsigned" },
  });
  expect(await signers()).toEqual([]);
  publish(made, "p1", "p2");
  const checked = await ask("POST", `/${made.id}/check`);
  expect(checked).toMatchObject({
    signing: { state: "signs" },
    keys: [{ published: "right" }, { published: "right" }],
  });
  expect(checked.findings.map(({ check, severity }) => `${check} ${severity}`)).toEqual([
    ...["dkim good", "dkim good", "spf good", "dmarc good", "mx good", "bimi advice"],
  ]);
  expect(checked.bulkRules.every(({ state }) => state === "met")).toBe(true);
  expect(await signers()).toEqual(["p1", "p2"]);
});

test("[S3] another key in DNS stops signing; no answer from DNS changes nothing; the right one heals it", async () => {
  const made = await add({ algorithms: ["rsa-sha256"] });
  publish(made, "p1");
  await ask("POST", `/${made.id}/check`);
  dns.isBroken = true;
  expect(await ask("POST", `/${made.id}/check`)).toMatchObject({
    signing: { state: "signs" },
    findings: [{ severity: "unknown" }, {}, {}, {}, {}],
  });
  expect(await signers()).toEqual(["p1"]);
  dns.isBroken = false;
  dns.zone["TXT p1._domainkey.news.example.com"] = ["v=DKIM1; k=rsa; p=AAAA"];
  expect(await ask("POST", `/${made.id}/check`)).toMatchObject({ signing: { state: "held" } });
  const keys = await findDomainKeys(product.platform);
  expect(keys.keysFor("news.example.com")).toEqual([]);
  expect(keys.heldFor("news.example.com")?.reason).toContain("Another key is published");
  expect(await ask("PATCH", `/${made.id}`, { ifKeyDiffers: "unsigned" })).toMatchObject({
    signing: { state: "unsigned" },
  });
  expect((await findDomainKeys(product.platform)).heldFor("news.example.com")).toBeUndefined();
  publish(made, "p1");
  expect(await ask("POST", `/${made.id}/check`)).toMatchObject({ signing: { state: "signs" } });
});

test("[S5] a new key takes over when its record is found; the old one is kept for a week, then may go", async () => {
  const made = await add({ algorithms: ["rsa-sha256"] });
  publish(made, "p1");
  await ask("POST", `/${made.id}/check`);
  const [old] = made.keys;
  const rotated = await ask("POST", `/${made.id}/keys`, {
    algorithm: "ed25519-sha256",
    replacesKeyId: old?.id,
  });
  expect(rotated.keys).toMatchObject([
    { life: "signing" },
    { selector: "p2", life: "waiting", replacesKeyId: old?.id },
  ]);
  const path = `/api/sending-domains/${made.id}/keys`;
  expect(
    await admin.request("POST", `${path}/${rotated.keys[1]?.id}/switch`, { isActive: true }),
  ).toMatchObject({
    status: 409,
    body: { code: "senders.key-not-published" },
  });
  expect(await admin.request("DELETE", `${path}/${old?.id}`)).toMatchObject({ status: 409 });
  publish(rotated, "p2");
  await product.db.run(sql`update sending_domains set next_check_at = now()`);
  await product.db.run(sql`update jobs set run_at = now() where kind = 'senders.look-at-domains'`);
  await product.runJobs();
  expect(await signers()).toEqual(["p2"]);
  await product.db.run(
    sql`update dkim_keys set retired_at = now() - interval '8 days' where retired_at is not null`,
  );
  const later = await ask("POST", `/${made.id}/check`);
  expect(later.findings[0]).toMatchObject({
    severity: "advice",
    fix: "Remove this record from DNS, then delete the key.",
  });
  expect((await ask("DELETE", `/${made.id}/keys/${old?.id}`)).keys).toMatchObject([{ selector: "p2" }]);
});

test("[S4] a key can be forced to sign before its record is found", async () => {
  const made = await add({ algorithms: ["rsa-sha256"] });
  const rotated = await ask("POST", `/${made.id}/keys`, {});
  const forced = await ask("POST", `/${made.id}/keys/${rotated.keys[1]?.id}/switch`, {
    isActive: true,
    force: true,
  });
  expect(forced.keys[1]).toMatchObject({ life: "signing", isForced: true, published: "missing" });
  expect(await signers()).toEqual(["p2"]);
});

test("[S7] 400, 404, 409: refusals are told apart", async () => {
  const post = (domain: string) => admin.request("POST", "/api/sending-domains", { domain });
  expect(await post("gmail.com")).toMatchObject({ status: 400, body: { code: "senders.free-mail-domain" } });
  await add();
  expect((await post("news.example.com")).status).toBe(409);
  expect((await admin.request("POST", "/api/sending-domains/dom_99/check")).status).toBe(404);
  expect((await admin.request("DELETE", "/api/sending-domains/dom_1/keys/dkk_99")).status).toBe(404);
});

test("the check of a message says what was found wrong with its domain", async () => {
  await add();
  await product.db.run(sql`update routes set is_mailbox = false where is_default`);
  await admin.request("POST", "/api/messages", {
    name: "M",
    html: "<p>Hi</p>",
    fromAddress: "a@news.example.com",
  });
  const { findSenderDomain } = await import("../messages/gather-context.ts");
  expect(await findSenderDomain(product.db, "a@shop.news.example.com")).toMatchObject({
    domain: "news.example.com",
    faults: ["There is no key at this name.", "There is no key at this name."],
  });
});
