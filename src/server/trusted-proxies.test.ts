import { afterEach, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { createTestProduct, type TestProduct, testPassword } from "#test/product.ts";
import { manualClock, sql } from "./platform/index.ts";

let running: TestProduct;
const clock = manualClock(new Date());
afterEach(() => running.stop());

/** Listens for real, so that what is answered before the router is asked too; gives the address. */
async function listen(trusted: string): Promise<string> {
  running = await createTestProduct({ clock, env: { POSTROAD_TRUSTED_PROXIES: trusted } });
  await running.as("owner");
  return running.product.app.listen({ port: 0, host: "127.0.0.1" });
}

type Given = { readonly forwardedFor: string };

async function seen(address: string, { forwardedFor }: Given) {
  const { db, product } = running;
  const contactIds = await someContacts(db, ["ana@example.com"]);
  const { deliveryIds } = await aMailing(db, { contactIds });
  const { keys } = product.tracking;
  const { read, manage } = mintTokens(deliveryIds[0] ?? "", keys.current(), keys.mac);
  const headers = { "x-forwarded-for": forwardedFor, "content-type": "application/x-www-form-urlencoded" };
  const post = (path: string, body: string, type = headers["content-type"]) =>
    fetch(address + path, { method: "POST", headers: { ...headers, "content-type": type }, body });
  expect((await fetch(`${address}/o/${read}.gif`, { headers })).status).toBe(200);
  // The same beacon in a spelling that goes through the router.
  expect((await fetch(`${address}/o/${read}%2Egif`, { headers })).status).toBe(200);
  expect((await post(`/u/${manage}`, "List-Unsubscribe=One-Click")).status).toBe(200);
  const login = JSON.stringify({ email: "owner@postroad.test", password: testPassword });
  expect((await post("/api/session", login, "application/json")).status).toBe(200);
  // Hits are judged when every burst they could belong to is over.
  clock.advance(6000);
  await product.tracking.flush();
  const rows = await db.rows<{ what: string; ip: string }>(sql`
    select 'hit' as what, ip::text from interactions where kind = 'open'
    union all select 'consent', ip::text from consent_events
    union all (select 'audit', ip::text from audit_log where action = 'sign-in.succeeded')`);
  return rows.map(({ what, ip }) => `${what} ${ip}`).sort();
}

test("[T43] a trusted proxy says whose request it is: for hits, consent and the audit alike", async () => {
  const address = await listen("127.0.0.0/8, 10.0.0.1");
  expect(await seen(address, { forwardedFor: "6.6.6.6, 203.0.113.9, 10.0.0.1" })).toEqual([
    "audit 203.0.113.9",
    "consent 203.0.113.9",
    "hit 203.0.113.9",
    "hit 203.0.113.9",
  ]);
});

test("[T43] without a trusted proxy nobody's word is taken", async () => {
  const address = await listen("10.0.0.0/8");
  expect(await seen(address, { forwardedFor: "203.0.113.9" })).toEqual([
    "audit 127.0.0.1",
    "consent 127.0.0.1",
    "hit 127.0.0.1",
    "hit 127.0.0.1",
  ]);
});

test("[T43] limits go by the address that the proxy says", async () => {
  const address = await listen("127.0.0.1");
  const contactIds = await someContacts(running.db, ["ana@example.com"]);
  const { deliveryIds } = await aMailing(running.db, { contactIds });
  const { keys } = running.product.tracking;
  const { manage } = mintTokens(deliveryIds[0] ?? "", keys.current(), keys.mac);
  const post = async (client: string) =>
    (
      await fetch(`${address}/p/${manage}`, {
        method: "POST",
        // A new claim each time: it does not help.
        headers: { "x-forwarded-for": `${Math.random()}, ${client}` },
        body: new URLSearchParams(),
      })
    ).status;
  const answers = [];
  for (let number = 0; number < 61; number++) answers.push(await post("203.0.113.9"));
  expect(answers.slice(0, 60)).not.toContain(429);
  expect(answers[60]).toBe(429);
  expect(await post("203.0.113.10")).toBe(200);
});
