import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
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
let password: string;
let stop: (() => Promise<void>) | undefined;

beforeEach(async () => {
  product = await createTestProduct();
  admin = await product.as("admin");
  react = () => undefined;
  password = providerKey.password;
  stop = undefined;
  provider = await startProvider({ react: (to) => react(to), password: () => password });
});
afterEach(async () => {
  await stop?.();
  await provider.close();
  await product.stop();
});

const scopes = {
  ses: "eu-central-1",
  mailgun: "mg.example.org",
  sendgrid: null,
  postmark: "broadcast",
} as const;
const wanted = (kind: keyof typeof scopes) => ({
  name: "Provider",
  kind,
  providerScope: scopes[kind],
  host: "127.0.0.1",
  port: provider.port,
  tls: "none",
  username: kind === "ses" ? providerKey.username : "api",
  password: providerKey.password,
  maxConnections: 2,
});
const withId = z.object({ id: z.string() });
const list = z.object({
  items: z.array(z.object({ id: z.string(), address: z.string(), state: z.string() })),
});

async function aRoute(kind: keyof typeof scopes): Promise<string> {
  const { id } = withId.parse((await admin.request("POST", "/api/routes", wanted(kind))).body);
  expect((await admin.request("POST", `/api/routes/${id}/default`)).status).toBe(200);
  return id;
}

/** Begins a mailing by the default route. */
async function send(contacts: number): Promise<string> {
  await someContacts(product.db, contacts);
  const mailing = await aMailingToAll(product.db);
  stop = startSender(product.platform, {
    keys: await loadTrackingKeys(product.platform),
    pollMilliseconds: 50,
    stopMilliseconds: 2000,
  });
  return mailing;
}

async function deliveriesOf(mailing: string) {
  const { body } = await admin.request("GET", `/api/mailings/mlg_${mailing}/deliveries`);
  return list.parse(body).items;
}

const holds = async () => (await admin.request("GET", "/api/sending/verify")).body;

test.each(["ses", "mailgun"] as const)(
  "[S8] %s takes each message once, as the bytes it is, over few sockets that are kept",
  async (kind) => {
    await aRoute(kind);
    const mailing = await send(12);
    await untilSettled(product.db, mailing);
    expect(provider.taken.map(({ to }) => to).toSorted()).toEqual(
      Array.from({ length: 12 }, (_, at) => `person${at + 1}@example.org`).toSorted(),
    );
    // A look at the key and a socket for messages, for each of two connections.
    expect(provider.sockets()).toBeLessThanOrEqual(4);
    for (const { id, address } of await deliveriesOf(mailing)) {
      const sent = provider.taken.find(({ to }) => to === address)?.message.toString("latin1");
      expect((await admin.request("GET", `/api/deliveries/${id}/source`)).body).toBe(sent);
      expect((await admin.request("GET", `/api/deliveries/${id}`)).body).toMatchObject({
        state: "accepted",
        reply: expect.stringMatching(/accepted it as .*m-\d+/),
      });
    }
    expect(await holds()).toEqual({ holds: true, problems: [] });
  },
);

test("[S9] refused, put off until the time that was named, and in doubt are told apart", async () => {
  await aRoute("ses");
  const tried: string[] = [];
  react = (to) => {
    tried.push(to);
    if (to.startsWith("person1@"))
      return {
        status: 400,
        body: { message: "User unknown" },
        headers: { "x-amzn-errortype": "MessageRejected" },
      };
    if (to.startsWith("person2@"))
      return { status: 429, body: { message: "Slow down" }, headers: { "retry-after": "7200" } };
    if (to.startsWith("person3@")) return "drop-after";
    return to.startsWith("person4@") ? { status: 502 } : undefined;
  };
  const mailing = await send(5);
  await until("one waits and four are settled", async () => {
    const states = (await deliveriesOf(mailing)).filter(({ state }) => state !== "queued");
    const waiting = await product.db.rows(sql`select 1 from delivery_retries where lease_owner is null`);
    return states.length >= 4 && waiting.length === 1;
  });
  const states = new Map((await deliveriesOf(mailing)).map(({ address, state }) => [address, state]));
  expect(states.get("person1@example.org")).toBe("refused");
  expect(states.get("person3@example.org")).toBe("in-doubt");
  expect(states.get("person4@example.org")).toBe("in-doubt");
  expect(states.get("person5@example.org")).toBe("accepted");
  const [retry] = await product.db.rows<{ seconds: number; last_reply: string }>(sql`
    select extract(epoch from next_at - now())::float8 as seconds, last_reply from delivery_retries`);
  expect(retry?.seconds).toBeGreaterThan(7000);
  expect(retry?.last_reply).toContain("HTTP 429: Slow down");
  const [refused] = await product.db.rows(
    sql`select reason, smtp_code from delivery_log where outcome = 'refused'`,
  );
  expect(refused).toEqual({ reason: "invalid-mailbox", smtp_code: 550 });
  expect(tried.filter((to) => to !== "").toSorted()).toEqual(
    [1, 2, 3, 4, 5].map((at) => `person${at}@example.org`),
  );
  expect(await holds()).toEqual({ holds: true, problems: [] });
});

test("[S10] a key that is not taken is the road's trouble: nobody is charged, and it goes on with the right one", async () => {
  const id = await aRoute("ses");
  password = "another";
  const mailing = await send(3);
  await until("the route is in trouble", async () =>
    JSON.stringify((await admin.request("GET", "/api/routes")).body).includes("SignatureDoesNotMatch"),
  );
  expect(provider.taken).toEqual([]);
  expect(await product.db.rows(sql`select 1 from delivery_retries`)).toEqual([]);
  expect((await admin.request("POST", `/api/routes/${id}/test`)).body).toMatchObject({
    works: false,
    phase: "auth",
  });
  await admin.request("PATCH", `/api/routes/${id}`, { password: "another" });
  await untilSettled(product.db, mailing);
  expect(provider.taken).toHaveLength(3);
  expect(await holds()).toEqual({ holds: true, problems: [] });
});
