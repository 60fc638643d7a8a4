import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";

let product: TestProduct;
let admin: Agent;
let sink: HostileSink;
beforeEach(async () => {
  product = await createTestProduct();
  admin = await product.as("admin");
  sink = await startHostileSink({ offers: ["PIPELINING", "AUTH PLAIN"] });
});
afterEach(async () => {
  await sink.close();
  await product.stop();
});

const relay = () => ({
  name: "Relay",
  host: "127.0.0.1",
  port: sink.port,
  tls: "none",
  username: "me",
  password: "s3cret word",
});
const withId = z.object({ id: z.string() });
const idOf = (answer: { body: unknown }) => withId.parse(answer.body).id;

describe("200", () => {
  test("the built-in test mailbox is there from the start, and is the default", async () => {
    expect((await admin.request("GET", "/api/routes")).body).toMatchObject({
      items: [{ isMailbox: true, isDefault: true, host: "127.0.0.1", trouble: null }],
    });
  });

  test("a password goes in and never comes out, not even at rest", async () => {
    const made = await admin.request("POST", "/api/routes", relay());
    expect(made).toMatchObject({ status: 200, body: { hasPassword: true, isDefault: false } });
    expect(JSON.stringify(made.body)).not.toContain("s3cret");
    const [row] = await product.db.rows<{ password_box: Buffer }>(
      sql`select password_box from routes where username = 'me'`,
    );
    expect(row?.password_box.toString("latin1")).not.toContain("s3cret");
    const log = await product.db.rows(sql`select details from audit_log where action like 'route%'`);
    expect(JSON.stringify(log)).not.toContain("s3cret");
  });

  test("a test signs in with it and says what the server offers", async () => {
    const id = idOf(await admin.request("POST", "/api/routes", relay()));
    expect((await admin.request("POST", `/api/routes/${id}/test`)).body).toEqual({
      works: true,
      phase: null,
      message: "The route works.",
      offers: ["PIPELINING", "AUTH PLAIN"],
    });
    expect(sink.commands).toContain(`AUTH PLAIN ${Buffer.from("\0me\0s3cret word").toString("base64")}`);
    expect(sink.received).toEqual([]);
  });

  test("a test says where it broke", async () => {
    const id = idOf(await admin.request("POST", "/api/routes", { ...relay(), tls: "starttls-required" }));
    expect((await admin.request("POST", `/api/routes/${id}/test`)).body).toMatchObject({
      works: false,
      phase: "starttls",
    });
  });

  test("another route can become the default, and the old one be removed", async () => {
    const id = idOf(await admin.request("POST", "/api/routes", relay()));
    expect((await admin.request("POST", `/api/routes/${id}/default`)).body).toMatchObject({
      isDefault: true,
    });
    expect((await admin.request("DELETE", "/api/routes/rte_1")).body).toEqual({ done: true });
    expect((await admin.request("GET", "/api/routes")).body).toMatchObject({
      items: [{ id, isDefault: true }],
    });
  });

  test("[D20] a share follows from the weights, and [D23] what limits leave is shown", async () => {
    const { body } = await admin.request("POST", "/api/routes", {
      ...relay(),
      weight: 3,
      messagesPerHour: 20,
    });
    const first = idOf({ body });
    const second = idOf(await admin.request("POST", "/api/routes", { ...relay(), name: "Spare" }));
    // The test mailbox has everything while it is the default.
    expect(body).toMatchObject({ share: 0, weight: 3, usage: { lastHour: 0, lastDay: 0 }, rest: null });
    expect((await admin.request("POST", `/api/routes/${second}/default`)).body).toMatchObject({
      share: 0.25,
    });
    await product.db.run(sql`
      insert into route_usage (route_id, minute, sent) select id, date_trunc('minute', now()), 19 from routes where weight = 3`);
    expect((await admin.request("GET", "/api/routes")).body).toMatchObject({
      items: [
        { id: second, share: 0.25, usage: null },
        { share: 0 },
        { id: first, share: 0.75, rest: { window: "hour", used: 19, limit: 20 } },
      ],
    });
  });

  test("[D24] a warm-up has a ceiling for today, can be paused, and what it holds back is shown", async () => {
    const today = new Date().toISOString().slice(0, 10);
    const wanted = { plan: "custom", ceilings: [20, 40], startsOn: today };
    const made = await admin.request("POST", "/api/routes", { ...relay(), warmUp: wanted });
    expect(made.body).toMatchObject({
      warmUp: { ...wanted, isPaused: false, today: { day: 1, ceiling: 20 } },
      usage: { lastDay: 0 },
    });
    const url = `/api/routes/${idOf(made)}`;
    await product.db.run(sql`
      insert into route_usage (route_id, minute, sent) select max(id), date_trunc('minute', now()), 19 from routes`);
    const paused = await admin.request("PATCH", url, { warmUp: { ...wanted, isPaused: true } });
    expect(paused.body).toMatchObject({
      warmUp: { isPaused: true },
      rest: { window: "day", used: 19, limit: 20 },
    });
    for (const ceilings of [[], [5, 4]])
      expect((await admin.request("PATCH", url, { warmUp: { ...wanted, ceilings } })).status).toBe(400);
    expect((await admin.request("PATCH", url, { warmUp: null })).body).toMatchObject({
      warmUp: null,
      rest: null,
    });
  });

  test("[D21] a fall-back is kept, and one that is relied on is not removed", async () => {
    const spare = idOf(await admin.request("POST", "/api/routes", relay()));
    const main = await admin.request("POST", "/api/routes", { ...relay(), fallBackId: spare });
    expect(main.body).toMatchObject({ fallBackId: spare, fallBackAfterSeconds: 120, carriedById: null });
    expect((await admin.request("DELETE", `/api/routes/${spare}`)).status).toBe(409);
    await product.db.run(sql`
      insert into route_troubles (route_id, phase, message, failures, since, retry_at)
      select max(id), 'connect', 'x', 3, now() - interval '3 minutes', now() from routes`);
    expect(JSON.stringify((await admin.request("GET", "/api/routes")).body)).toContain(
      `"carriedById":"${spare}"`,
    );
    const url = `/api/routes/${idOf(main)}`;
    expect((await admin.request("PATCH", url, { fallBackId: null })).body).toMatchObject({
      fallBackId: null,
    });
    expect((await admin.request("DELETE", `/api/routes/${spare}`)).status).toBe(200);
  });
});

test.each([
  { host: "evil.example" },
  { port: 26 },
  { tls: "starttls" },
  { username: "other" },
  { trustedCertificate: "-----BEGIN CERTIFICATE-----x" },
])("409: a kept password is not sent somewhere new: %j needs it again", async (change) => {
  const id = idOf(await admin.request("POST", "/api/routes", relay()));
  expect(await admin.request("PATCH", `/api/routes/${id}`, change)).toMatchObject({
    status: 409,
    body: { code: "senders.password-needed", facts: { changed: Object.keys(change) } },
  });
  expect((await admin.request("PATCH", `/api/routes/${id}`, { ...change, password: "again" })).status).toBe(
    200,
  );
});

test("[D21] 409: no route falls back on itself, in a loop, or on the test mailbox", async () => {
  const one = idOf(await admin.request("POST", "/api/routes", relay()));
  const two = idOf(await admin.request("POST", "/api/routes", { ...relay(), fallBackId: one }));
  for (const fallBackId of [one, two, "rte_1"])
    expect(await admin.request("PATCH", `/api/routes/${one}`, { fallBackId })).toMatchObject({
      status: 409,
      body: { code: "senders.fall-back-not-usable" },
    });
  expect((await admin.request("PATCH", `/api/routes/${one}`, { fallBackId: "rte_99" })).status).toBe(404);
});

test("[S8] 400: a provider without what it needs, or asked without TLS, is refused", async () => {
  const amazon = {
    name: "SES",
    kind: "ses",
    providerScope: "eu-central-1",
    host: "email.eu-central-1.amazonaws.com",
    port: 443,
    tls: "implicit",
    username: "AKID",
    password: "secret",
  };
  for (const change of [
    { providerScope: "Frankfurt" },
    { providerScope: null },
    { username: null },
    { tls: "none" },
    { tls: "starttls" },
    { kind: "mailgun" },
    { kind: "smtp" },
  ])
    expect(await admin.request("POST", "/api/routes", { ...amazon, ...change })).toMatchObject({
      status: 400,
      body: { code: "senders.provider-not-usable" },
    });
  const made = await admin.request("POST", "/api/routes", amazon);
  expect(made.body).toMatchObject({ kind: "ses", providerScope: "eu-central-1", hasPassword: true });
  expect(
    await admin.request("PATCH", `/api/routes/${idOf(made)}`, { providerScope: "us-east-1" }),
  ).toMatchObject({ status: 409, body: { facts: { changed: ["providerScope"] } } });
});

test("what does not concern the password changes without it", async () => {
  const id = idOf(await admin.request("POST", "/api/routes", relay()));
  const changed = await admin.request("PATCH", `/api/routes/${id}`, {
    name: "Renamed",
    messagesPerSecond: 5,
  });
  expect(changed).toMatchObject({
    status: 200,
    body: { name: "Renamed", messagesPerSecond: 5, hasPassword: true },
  });
});

test("400, 403, 404, 409: refusals are told apart", async () => {
  const { password: _, ...without } = relay();
  expect(await admin.request("POST", "/api/routes", without)).toMatchObject({
    status: 400,
    body: { code: "senders.password-missing" },
  });
  expect((await admin.request("POST", "/api/routes", { ...relay(), host: "a b\r\nc" })).status).toBe(400);
  expect((await (await product.as("marketer")).request("POST", "/api/routes", relay())).status).toBe(403);
  expect((await admin.request("POST", "/api/routes/rte_99/test")).status).toBe(404);
  expect((await admin.request("DELETE", "/api/routes/rte_1")).status).toBe(409);
});
