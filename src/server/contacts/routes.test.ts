import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { sql } from "../platform/index.ts";
import { ensureContact } from "./index.ts";

let world: TestProduct;
let marketer: Agent;
let owner: Agent;
beforeAll(async () => {
  world = await createTestProduct();
  owner = await world.as("owner");
  marketer = await world.as("marketer");
  for (const attribute of [
    { key: "points", label: "Points", type: "number" },
    { key: "plan", label: "Plan", type: "choice", choices: ["Gold", "Silver"], defaultValue: "silver" },
    { key: "note", label: "Note", type: "text" },
  ])
    await owner.request("POST", "/api/attributes", attribute);
});
afterAll(() => world.stop());

const withCode = (code: string) => expect.objectContaining({ code });
const idIn = (body: unknown) => z.object({ id: z.string() }).parse(body).id;
const page = z.object({
  items: z.array(z.object({ email: z.string() })),
  nextCursor: z.string().nullable(),
});

async function aContact(input: object): Promise<string> {
  return idIn((await marketer.request("POST", "/api/contacts", input)).body);
}

async function emails(query: string): Promise<string[]> {
  const found: string[] = [];
  let cursor = "";
  do {
    const answer = page.parse(
      (await marketer.request("GET", `/api/contacts?limit=2&${query}${cursor}`)).body,
    );
    found.push(...answer.items.map(({ email }) => email));
    cursor = answer.nextCursor === null ? "" : `&cursor=${answer.nextCursor}`;
  } while (cursor);
  return found;
}

describe("adding and changing", () => {
  test("200: values are read by their type, and PATCH leaves alone what is not sent", async () => {
    const id = await aContact({
      email: " Ana@Example.com ",
      firstName: " Ana ",
      country: "es",
      attributes: { points: "12,5", plan: "gold" },
    });
    await marketer.request("PATCH", `/api/contacts/${id}`, { city: "Madrid", attributes: { note: "hi" } });
    await marketer.request("PATCH", `/api/contacts/${id}`, { firstName: null, attributes: { plan: null } });
    expect((await marketer.request("GET", `/api/contacts/${id}`)).body).toMatchObject({
      id,
      email: "Ana@Example.com",
      firstName: null,
      country: "ES",
      city: "Madrid",
      attributes: { points: 12.5, note: "hi" },
    });
  });

  test("400: all wrong values are named at once, and nothing is stored", async () => {
    const answer = await marketer.request("POST", "/api/contacts", {
      email: "wrong@example.com",
      country: "D1",
      firstName: "a\nb",
      attributes: { points: "many", plan: "Bronze", unknown: 1 },
    });
    expect(answer).toMatchObject({ status: 400, body: withCode("contacts.values-invalid") });
    const { facts } = z
      .object({ facts: z.object({ problems: z.record(z.string(), z.string()) }) })
      .parse(answer.body);
    expect(Object.keys(facts.problems).sort()).toEqual([
      "attributes.plan",
      "attributes.points",
      "attributes.unknown",
      "country",
      "firstName",
    ]);
    expect(await emails("search=wrong@")).toEqual([]);
  });

  test("[CT1] attributes cannot reach prototypes", async () => {
    const text = '{"email":"proto@example.com","attributes":{"__proto__":{"polluted":true}}}';
    const answer = await marketer.request("POST", "/api/contacts", Buffer.from(text), {
      "content-type": "application/json",
    });
    expect(answer.status).toBe(400);
    expect(Object.keys(Object.prototype)).toEqual([]);
    const reserved = await owner.request("POST", "/api/attributes", {
      key: "constructor",
      label: "C",
      type: "text",
    });
    expect(reserved.status).toBe(409);
  });

  test("400: what is no address; 409: an address that has a contact, whatever its case", async () => {
    const id = await aContact({ email: "taken@example.com" });
    expect(await marketer.request("POST", "/api/contacts", { email: "not an address" })).toMatchObject({
      status: 400,
      body: withCode("contacts.address-invalid"),
    });
    expect(await marketer.request("POST", "/api/contacts", { email: "TAKEN@example.COM" })).toMatchObject({
      status: 409,
      body: { code: "contacts.address-taken", facts: { contactId: id } },
    });
    const other = await aContact({ email: "other@example.com" });
    expect(
      (await marketer.request("PATCH", `/api/contacts/${other}`, { email: "taken@example.com" })).status,
    ).toBe(409);
  });

  test("401, 403 and 404 for those who may not, and for nobody there", async () => {
    const analyst = await world.as("analyst");
    expect((await world.anonymous.request("GET", "/api/contacts")).status).toBe(401);
    expect((await analyst.request("POST", "/api/contacts", { email: "x@example.com" })).status).toBe(403);
    expect((await analyst.request("GET", "/api/contacts/cnt_999999")).status).toBe(404);
    expect((await marketer.request("PATCH", "/api/contacts/cnt_999999", {})).status).toBe(404);
    expect((await analyst.request("GET", "/api/contacts/msg_1")).status).toBe(400);
  });

  test("what somebody types about themselves fills gaps and overwrites nothing", async () => {
    const id = await aContact({ email: "gap@example.com", firstName: "Known" });
    await world.db.transaction((tx) =>
      ensureContact(tx, { email: "GAP@example.com", firstName: "Typed", city: "Rome" }),
    );
    expect((await marketer.request("GET", `/api/contacts/${id}`)).body).toMatchObject({
      firstName: "Known",
      city: "Rome",
    });
  });
});

describe("finding", () => {
  beforeAll(async () => {
    for (const [email, firstName, lastName, city] of [
      ["zoe@find.test", "Zoë", "Quist", "Oslo"],
      ["quinn@find.test", "Anders", null, "Oslo"],
      ["per_cent@find.test", "100%", "Under_score", "Bergen"],
    ])
      await aContact({ email, firstName, lastName, city });
  });

  test("by the beginning of address, first or last name, newest first, page by page", async () => {
    expect(await emails("search=QUI")).toEqual(["quinn@find.test", "zoe@find.test"]);
    expect(await emails("search=zo%C3%AB")).toEqual(["zoe@find.test"]);
    expect(await emails("city=Oslo")).toEqual(["quinn@find.test", "zoe@find.test"]);
    const all = await emails("");
    expect(all).toEqual([...new Set(all)]);
    expect(all.slice(0, 3)).toEqual(["per_cent@find.test", "quinn@find.test", "zoe@find.test"]);
  });

  test("[CT2] signs that SQL patterns mean something by are taken literally", async () => {
    expect(await emails("search=100%25")).toEqual(["per_cent@find.test"]);
    expect(await emails("search=per_cent")).toEqual(["per_cent@find.test"]);
    expect(await emails("search=per%25cent")).toEqual([]);
    expect(await emails("search=under_s")).toEqual(["per_cent@find.test"]);
    expect(await emails(`search=${encodeURIComponent("' or 1=1 --\\")}`)).toEqual([]);
  });

  test("by topic and suppression; the count agrees", async () => {
    const topic = idIn((await owner.request("POST", "/api/topics", { name: "Finding" })).body);
    const id = await aContact({ email: "subscribed@find.test" });
    await marketer.request("POST", `/api/contacts/${id}/consent`, { topicId: topic, kind: "granted" });
    await marketer.request("POST", "/api/suppressions", { addresses: ["zoe@find.test"], reason: "asked" });
    expect(await emails(`topicId=${topic}`)).toEqual(["subscribed@find.test"]);
    expect(await emails("suppressed=yes")).toEqual(["zoe@find.test"]);
    expect(await emails("suppressed=no&city=Oslo")).toEqual(["quinn@find.test"]);
    expect((await marketer.request("GET", "/api/contacts/count?city=Oslo")).body).toEqual({ total: 2 });
  });

  test("[CT3] the export is complete, and no cell of it runs as a formula", async () => {
    await aContact({ email: "formula@find.test", firstName: "=cmd|' /C calc'!A0", city: "Tromsø" });
    const answer = await marketer.request("GET", "/api/contacts/export?city=Troms%C3%B8");
    expect(answer.headers).toMatchObject({ "content-type": "text/csv; charset=utf-8" });
    const [head, row] = String(answer.body).split("\r\n");
    expect(head).toMatch(
      /^id,email,first_name,last_name,language,time_zone,country,city,points,plan,note,created_at$/,
    );
    expect(row).toContain(",formula@find.test,'=cmd|' /C calc'!A0,");
    const all = String((await marketer.request("GET", "/api/contacts/export")).body)
      .trim()
      .split("\r\n");
    const count = z
      .object({ total: z.number() })
      .parse((await marketer.request("GET", "/api/contacts/count")).body);
    expect(all).toHaveLength(count.total + 1);
    const seen = await world.db.first(sql`select 1 from audit_log where action = 'contacts.exported'`);
    expect(seen).toBeDefined();
  });
});

describe("deleting", () => {
  test("200 with the address as confirmation, 400 without, 403 for marketers; the suppression stays", async () => {
    const id = await aContact({ email: "goodbye@example.com" });
    await marketer.request("POST", "/api/suppressions", {
      addresses: ["goodbye@example.com"],
      reason: "asked",
    });
    const url = `/api/contacts/${id}`;
    expect((await marketer.request("DELETE", `${url}?confirm=goodbye@example.com`)).status).toBe(403);
    expect(await owner.request("DELETE", url)).toMatchObject({
      status: 400,
      body: withCode("contacts.confirmation-missing"),
    });
    expect((await owner.request("DELETE", `${url}?confirm=somebody@example.com`)).status).toBe(400);
    expect((await owner.request("DELETE", `${url}?confirm=Goodbye@Example.com`)).status).toBe(200);
    expect((await owner.request("GET", url)).status).toBe(404);
    const kept = await world.db.first(
      sql`select 1 from suppressions where address_key = 'goodbye@example.com'`,
    );
    expect(kept).toBeDefined();
  });
});

describe("attributes", () => {
  test("200: declared, changed, and deleted with its values", async () => {
    const made = await owner.request("POST", "/api/attributes", {
      key: "shoe_size",
      label: "Shoe size",
      type: "number",
      defaultValue: 40,
    });
    expect(made).toMatchObject({ status: 200, body: { key: "shoe_size", defaultValue: 40, choices: [] } });
    const id = await aContact({ email: "shoes@example.com", attributes: { shoe_size: 43, note: "keep" } });
    const changed = await owner.request("PATCH", "/api/attributes/shoe_size", {
      label: "Size",
      defaultValue: null,
    });
    expect(changed.body).toMatchObject({ label: "Size", defaultValue: null });
    expect((await owner.request("DELETE", "/api/attributes/shoe_size")).status).toBe(200);
    const again = { key: "shoe_size", label: "Shoe size", type: "text" };
    expect((await owner.request("POST", "/api/attributes", again)).status).toBe(409);
    await world.runJobs();
    expect((await marketer.request("GET", `/api/contacts/${id}`)).body).toMatchObject({
      attributes: { note: "keep" },
    });
    expect((await owner.request("POST", "/api/attributes", again)).status).toBe(200);
  });

  test("400: choices where they belong only, and a default that fits; 403: not by marketers; 404, 409", async () => {
    const post = (body: object) => owner.request("POST", "/api/attributes", { label: "L", ...body });
    expect((await post({ key: "c1", type: "choice" })).status).toBe(400);
    expect((await post({ key: "c2", type: "text", choices: ["a"] })).status).toBe(400);
    expect((await post({ key: "c3", type: "number", defaultValue: "much" })).status).toBe(400);
    expect((await post({ key: "Bad Key", type: "text" })).status).toBe(400);
    expect((await post({ key: "email", type: "text" })).status).toBe(409);
    expect((await post({ key: "points", type: "text" })).status).toBe(409);
    expect(
      (await marketer.request("POST", "/api/attributes", { key: "k", label: "K", type: "text" })).status,
    ).toBe(403);
    expect((await owner.request("PATCH", "/api/attributes/unknown", { label: "L" })).status).toBe(404);
    expect((await owner.request("DELETE", "/api/attributes/unknown")).status).toBe(404);
  });
});

describe("timeline", () => {
  test("what happened comes newest first from every record, each once over all pages", async () => {
    const id = await aContact({ email: "busy@example.com" });
    const row = id.slice(4);
    await world.db.pool.query(`
      insert into messages (id, name, html) overriding system value values (900, 'Invite', '');
      insert into message_versions (id, message_id, number, revision, source, compiled, links, content_hash)
        overriding system value values (900, 900, 1, 1, '{}', '{}', '[{"number":1,"url":"https://x.test","label":"Register"}]', '');
      insert into journeys (id, name, graph) overriding system value values (900, 'Welcome', '{}');
      insert into journey_versions (id, journey_id, number, graph, settings, plan) overriding system value
        values (900, 900, 1, '{}', '{}', '{}');
      insert into mailings (id, kind, message_version_id, message_id, designation, journey_id) overriding system value
        values (900, 'journey', 900, 900, 'commercial', 900);
      insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, address, at)
        values (900, ${row}, 1, 1024, 'accepted', 'busy@example.com', '2026-01-01T10:00:00.000001Z');
      insert into journey_visits (id, journey_id, version_id, contact_id, node_id, arrived_at, due_at, entered_at)
        overriding system value values (900, 900, 900, ${row}, 'n2', now(), now(), now());
      insert into journey_passages (visit_id, step, node_id, arrived_at, version_id, contact_id, exit, left_at)
        values (900, 0, 'n1', '2026-01-01T09:00Z', 900, ${row}, 'next', '2026-01-01T09:30Z');
      insert into interactions (hit_id, kind, contact_id, mailing_id, message_id, journey_id, delivery_id, link_number, agent, at)
      select gen_random_uuid(), 'click', ${row}, 900, 900, 900, 1024, 1, case n when 3 then 'machine' else 'human' end,
        '2026-01-01T10:00:00.000002Z' from generate_series(1, 3) n`);
    const topic = idIn((await owner.request("POST", "/api/topics", { name: "Timeline" })).body);
    await marketer.request("POST", `/api/contacts/${id}/consent`, { topicId: topic, kind: "granted" });
    const entries = z.object({
      items: z.array(z.looseObject({ source: z.string(), kind: z.string(), isMachine: z.boolean() })),
      nextCursor: z.string().nullable(),
    });
    const seen: z.infer<typeof entries>["items"] = [];
    let cursor = "";
    do {
      const answer = entries.parse(
        (await marketer.request("GET", `/api/contacts/${id}/timeline?limit=2${cursor}`)).body,
      );
      seen.push(...answer.items);
      cursor = answer.nextCursor === null ? "" : `&cursor=${answer.nextCursor}`;
    } while (cursor);
    expect(seen.map(({ source, kind }) => `${source} ${kind}`)).toEqual([
      "consent granted",
      "interaction click",
      "interaction click",
      "interaction click",
      "delivery accepted",
      "journey next",
    ]);
    expect(seen[1]).toMatchObject({
      isMachine: true,
      messageName: "Invite",
      journeyName: "Welcome",
      details: { link: "Register" },
    });
    expect(seen[0]).toMatchObject({ details: { topic: "Timeline", source: "person" } });
  });
});
