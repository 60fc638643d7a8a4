import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";

let world: TestProduct;
let marketer: Agent;
let owner: Agent;
let contact: string;
beforeAll(async () => {
  world = await createTestProduct();
  owner = await world.as("owner");
  marketer = await world.as("marketer");
  contact = idIn((await marketer.request("POST", "/api/contacts", { email: "Ana@example.com" })).body);
});
afterAll(() => world.stop());

const withCode = (code: string) => expect.objectContaining({ code });
const idIn = (body: unknown) => z.object({ id: z.string() }).parse(body).id;
const namesIn = (body: unknown) =>
  z
    .object({ items: z.array(z.object({ name: z.string() })) })
    .parse(body)
    .items.map(({ name }) => name);
async function aTopic(name: string): Promise<string> {
  return idIn((await owner.request("POST", "/api/topics", { name })).body);
}

describe("topics", () => {
  test("200: in their order; archived ones leave the list and come back", async () => {
    const [news, offers] = [await aTopic("News"), await aTopic("Offers")];
    await owner.request("PATCH", `/api/topics/${news}`, { position: 50, isPublic: false });
    expect(namesIn((await marketer.request("GET", "/api/topics")).body)).toEqual(["Offers", "News"]);
    expect((await owner.request("POST", `/api/topics/${offers}/archive`)).status).toBe(200);
    expect(namesIn((await marketer.request("GET", "/api/topics")).body)).toEqual(["News"]);
    expect(namesIn((await marketer.request("GET", "/api/topics?archived=yes")).body)).toEqual([
      "News",
      "Offers",
    ]);
    expect(
      await marketer.request("POST", `/api/contacts/${contact}/consent`, {
        topicId: offers,
        kind: "granted",
      }),
    ).toMatchObject({ status: 409, body: withCode("consent.topic-archived") });
    expect((await owner.request("POST", `/api/topics/${offers}/restore`)).body).toMatchObject({
      archivedAt: null,
    });
  });

  test("403: not by marketers; 404: unknown; 409: a name in use, also under fifty at once", async () => {
    await aTopic("Unique");
    expect((await marketer.request("POST", "/api/topics", { name: "Mine" })).status).toBe(403);
    expect((await owner.request("PATCH", "/api/topics/top_99999", { name: "x" })).status).toBe(404);
    expect((await owner.request("POST", "/api/topics/top_99999/archive")).status).toBe(404);
    expect(await owner.request("POST", "/api/topics", { name: " unique " })).toMatchObject({
      status: 409,
      body: withCode("consent.topic-name-taken"),
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => owner.request("POST", "/api/topics", { name: "Raced" })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe("consent of a contact", () => {
  test("200: granting and withdrawing shows in the standing, the ledger, the counts and the audit log", async () => {
    const topic = await aTopic("Consent");
    const url = `/api/contacts/${contact}/consent`;
    await marketer.request("POST", url, { topicId: topic, kind: "granted", wording: "At the fair" });
    const after = await marketer.request("POST", url, { topicId: null, kind: "withdrawn" });
    expect(after.body).toMatchObject({
      optedOutAt: expect.any(String),
      topics: expect.arrayContaining([expect.objectContaining({ topicId: topic, state: "granted" })]),
    });
    const history = await marketer.request("GET", `${url}/history?limit=1`);
    expect(history.body).toMatchObject({
      items: [{ kind: "withdrawn", topicId: null, source: "person", actor: "marketer@postroad.test" }],
      nextCursor: expect.any(String),
    });
    const { nextCursor } = z.object({ nextCursor: z.string() }).parse(history.body);
    expect((await marketer.request("GET", `${url}/history?limit=1&cursor=${nextCursor}`)).body).toMatchObject(
      {
        items: [{ kind: "granted", topicName: "Consent", wording: "At the fair" }],
        nextCursor: null,
      },
    );
    expect((await marketer.request("GET", "/api/topics/counts")).body).toMatchObject({
      items: expect.arrayContaining([{ id: topic, granted: 1, withdrawn: 0 }]),
    });
    const audited = await world.db.first(
      sql`select 1 from audit_log where action = 'consent.withdrawn' and subject_id = ${contact}`,
    );
    expect(audited).toBeDefined();
  });

  test("403 for analysts, 404 for unknown contacts and topics", async () => {
    const body = { topicId: null, kind: "granted" };
    const analyst = await world.as("analyst");
    expect((await analyst.request("POST", `/api/contacts/${contact}/consent`, body)).status).toBe(403);
    expect((await marketer.request("POST", "/api/contacts/cnt_99999/consent", body)).status).toBe(404);
    expect((await marketer.request("GET", "/api/contacts/cnt_99999/consent/history")).status).toBe(404);
    expect(
      (await marketer.request("POST", `/api/contacts/${contact}/consent`, { ...body, topicId: "top_99999" }))
        .status,
    ).toBe(404);
  });

  test("opt-in is required until an admin says otherwise; marketers cannot", async () => {
    expect((await marketer.request("GET", "/api/consent/settings")).body).toEqual({ requireOptIn: true });
    expect((await marketer.request("PUT", "/api/consent/settings", { requireOptIn: false })).status).toBe(
      403,
    );
    await owner.request("PUT", "/api/consent/settings", { requireOptIn: false });
    expect((await marketer.request("GET", "/api/consent/settings")).body).toEqual({ requireOptIn: false });
    await owner.request("PUT", "/api/consent/settings", { requireOptIn: true });
  });
});

describe("suppressions", () => {
  test("200: addresses are added by hand once, wrong ones are named, and a lift takes a reason and is audited", async () => {
    const add = (...addresses: string[]) =>
      marketer.request("POST", "/api/suppressions", { addresses, reason: "asked by phone" });
    expect((await add("Bob@Example.com", "bob@example.com", "no address")).body).toEqual({
      added: 1,
      known: 0,
      invalid: [{ address: "no address", problem: expect.any(String) }],
    });
    expect((await add("bob@example.com")).body).toMatchObject({ added: 0, known: 1 });
    const list = z.object({ items: z.array(z.object({ id: z.string(), address: z.string() })) });
    const active = list.parse((await marketer.request("GET", "/api/suppressions?search=BOB")).body).items;
    expect(active).toEqual([expect.objectContaining({ address: "bob@example.com" })]);
    const url = `/api/suppressions/${active[0]?.id}/lift`;
    expect((await marketer.request("POST", url, { reason: "mistake" })).status).toBe(403);
    expect((await owner.request("POST", url, {})).status).toBe(400);
    expect((await owner.request("POST", url, { reason: "mistake" })).status).toBe(200);
    expect((await owner.request("POST", url, { reason: "mistake" })).status).toBe(404);
    expect(list.parse((await marketer.request("GET", "/api/suppressions?search=bob")).body).items).toEqual(
      [],
    );
    expect(
      list.parse((await marketer.request("GET", "/api/suppressions?search=bob&state=ended")).body).items,
    ).toHaveLength(1);
    expect(
      await world.db.first(sql`select details from audit_log where action = 'suppression.lifted'`),
    ).toMatchObject({ details: { address: "bob@example.com", reason: "mistake" } });
  });

  test("401 for strangers, 400 for a category that is none", async () => {
    expect((await world.anonymous.request("GET", "/api/suppressions")).status).toBe(401);
    expect((await marketer.request("GET", "/api/suppressions?category=whim")).status).toBe(400);
  });
});
