import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Condition, Definition } from "#core/segments/condition.ts";
import { matches } from "#core/segments/matches.ts";
import { anyCondition, worldIds, worldNow } from "#test/arbitrary-condition.ts";
import { factsOf, worldContact } from "#test/arbitrary-contact.ts";
import { insertWorld, insertWorldContacts } from "#test/insert-world.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { manualClock, sql } from "../platform/index.ts";
import { loadSources } from "./compile-segment.ts";
import { gatherContactFacts } from "./gather-contact-facts.ts";
import { compileSegment } from "./index.ts";
import { readInTime } from "./read-in-time.ts";

let world: TestProduct;
let marketer: Agent;
const clock = manualClock(worldNow);
beforeAll(async () => {
  world = await createTestProduct({ clock });
  await insertWorld(world.db);
  await world.db.run(
    sql`insert into attribute_definitions (key, label, type) values ('age', 'Age', 'number')`,
  );
  marketer = await world.as("marketer");
});
afterAll(() => world.stop());

const segmentAnswer = z.object({ id: z.string(), text: z.string().nullable() });
const listAnswer = z.object({
  items: z.array(z.looseObject({ id: z.string() })),
  nextCursor: z.string().nullable(),
});
let names = 0;

const inCity = (city: string): Condition => ({
  kind: "attribute",
  field: "city",
  test: { operator: "equals", value: city },
});
const inSegment = (segmentId: string): Condition => ({ kind: "segment", segmentId });
const define = (condition: Condition, timeZone = "UTC"): Definition => ({ condition, timeZone });

async function create(definition: Definition | null, name = `Segment ${++names}`): Promise<string> {
  const answer = await marketer.request("POST", "/api/segments", { name, definition });
  expect(answer).toMatchObject({ status: 200 });
  return segmentAnswer.parse(answer.body).id;
}

/** Four contacts of one city each; ids 1 to 4. */
async function insertCities(): Promise<void> {
  await world.db.run(sql`truncate contacts restart identity cascade`);
  await world.db.run(sql`
    insert into contacts (email, email_key, city, created_at)
    select 'c' || n || '@Example.com', 'c' || n || '@example.com', (array['Bonn', 'Berlin', 'Bonn', null])[n],
      '2026-03-28T23:30:00Z'
    from generate_series(1, 4) n`);
}
beforeEach(insertCities);

describe("writing", () => {
  test("200: a segment is created, shown with its text, changed, archived and restored, and all is noted", async () => {
    const id = await create(define(inCity("Bonn")));
    expect((await marketer.request("GET", `/api/segments/${id}`)).body).toMatchObject({
      kind: "dynamic",
      text: 'city = "Bonn"',
      problems: [],
    });
    const changed = await marketer.request("PATCH", `/api/segments/${id}`, {
      definition: define(inCity("Berlin")),
    });
    expect(changed).toMatchObject({ status: 200, body: { text: 'city = "Berlin"' } });
    expect((await marketer.request("POST", `/api/segments/${id}/archive`)).status).toBe(200);
    expect(await marketer.request("PATCH", `/api/segments/${id}`, { name: "X" })).toMatchObject({
      status: 409,
    });
    expect((await marketer.request("POST", `/api/segments/${id}/restore`)).status).toBe(200);
    const noted = await world.db.rows<{ action: string }>(sql`
      select action from audit_log where subject_id = ${id} order by id`);
    expect(noted.map(({ action }) => action)).toEqual([
      "segment.created",
      "segment.changed",
      "segment.archived",
      "segment.restored",
    ]);
  });

  test("400: what is no condition; 401: strangers; 403: analysts", async () => {
    const body = { name: "X", definition: { timeZone: "UTC", condition: { kind: "sql" } } };
    expect((await marketer.request("POST", "/api/segments", body)).status).toBe(400);
    const zone = { name: "X", definition: define(inCity("Bonn"), "Europe/Bonn") };
    expect((await marketer.request("POST", "/api/segments", zone)).status).toBe(400);
    const good = { name: "X", definition: define(inCity("Bonn")) };
    expect((await world.anonymous.request("POST", "/api/segments", good)).status).toBe(401);
    expect((await (await world.as("analyst")).request("POST", "/api/segments", good)).status).toBe(403);
  });

  test("404: what does not exist", async () => {
    expect((await marketer.request("GET", "/api/segments/seg_999999")).status).toBe(404);
    expect((await marketer.request("GET", "/api/segments/seg_999999/members")).status).toBe(404);
  });

  test("409: a name that is taken, in any case", async () => {
    await create(null, "Friends");
    const again = await marketer.request("POST", "/api/segments", { name: "FRIENDS", definition: null });
    expect(again).toMatchObject({ status: 409, body: { code: "segment.name-taken" } });
  });

  test("422: every rule that does not fit is told with its path", async () => {
    const condition: Condition = {
      kind: "all",
      of: [
        { kind: "attribute", field: "agee", test: { operator: "less", value: 5 } },
        { kind: "not", of: { kind: "attribute", field: "age", test: { operator: "contains", value: "5" } } },
      ],
    };
    const answer = await marketer.request("POST", "/api/segments", {
      name: "X",
      definition: define(condition),
    });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        facts: {
          problems: [
            { code: "segment.unknown-field", path: ["of", 0], suggestion: "Did you mean age?" },
            { code: "segment.wrong-type", path: ["of", 1, "of"] },
          ],
        },
      },
    });
  });

  test("422: [SG8] a segment cannot contain itself, not even through others", async () => {
    const first = await create(define(inCity("Bonn")), "First");
    const second = await create(define({ kind: "not", of: inSegment(first) }), "Second");
    const answer = await marketer.request("PATCH", `/api/segments/${first}`, {
      definition: define({ kind: "any", of: [inCity("Bonn"), inSegment(second)] }),
    });
    expect(answer).toMatchObject({ status: 422, body: { facts: { circle: ["First", "Second", "First"] } } });
  });

  test("409: what a live journey or another segment uses is not archived; both are told", async () => {
    const id = await create(define(inCity("Bonn")));
    const user = await create(define(inSegment(id)), "User");
    const graph = JSON.stringify({ tiles: [{ kind: "segment-start", segmentId: id }] });
    await world.db.run(sql`insert into journeys (name, graph, state) values ('Welcome', ${graph}, 'live')`);
    expect((await marketer.request("GET", `/api/segments/${id}/uses`)).body).toMatchObject({
      journeys: [{ name: "Welcome", state: "live" }],
      segments: [{ id: user, name: "User" }],
    });
    const answer = await marketer.request("POST", `/api/segments/${id}/archive`);
    expect(answer).toMatchObject({ status: 409, body: { facts: { usedBy: ["Welcome", "User"] } } });
  });
});

describe("whom a segment means", () => {
  test("preview counts, shows a sample and says when", async () => {
    const definition = define({ kind: "not", of: inCity("Berlin") });
    const { body } = await marketer.request("POST", "/api/segments/preview", { definition });
    expect(body).toMatchObject({ total: 3, asOf: worldNow.toISOString() });
    expect(body).toMatchObject({
      sample: [{ id: "cnt_1", city: "Bonn" }, { id: "cnt_3" }, { id: "cnt_4", city: null }],
    });
  });

  test("a list of members goes on by cursor until the last", async () => {
    const id = await create(define(inCity("bonn")));
    const first = listAnswer.parse(
      (await marketer.request("GET", `/api/segments/${id}/members?limit=1`)).body,
    );
    const next = await marketer.request(
      "GET",
      `/api/segments/${id}/members?limit=1&cursor=${first.nextCursor}`,
    );
    const second = listAnswer.parse(next.body);
    expect([...first.items, ...second.items].map((member) => member.id)).toEqual(["cnt_1", "cnt_3"]);
    expect(second.nextCursor).toBeNull();
    expect((await marketer.request("GET", `/api/segments/${id}/count`)).body).toMatchObject({ total: 2 });
  });

  test("[SG8] a segment inside another keeps its own time zone", async () => {
    const today: Condition = {
      kind: "attribute",
      field: "created_at",
      test: { operator: "on", day: { daysFromToday: 0 } },
    };
    const berlin = await create(define(today, "Europe/Berlin"));
    const outer = await create(
      define({ kind: "all", of: [inSegment(berlin), { kind: "not", of: today }] }, "UTC"),
    );
    expect((await marketer.request("GET", `/api/segments/${outer}/count`)).body).toMatchObject({ total: 4 });
  });

  test("static segments are filled and emptied by hand, and refuse rules", async () => {
    const id = await create(null);
    const path = `/api/segments/${id}/members`;
    const ids = { contactIds: ["cnt_1", "cnt_2", "cnt_999"] };
    expect((await marketer.request("POST", path, ids)).body).toMatchObject({ changed: 2 });
    const byAddress = { addresses: ["C2@EXAMPLE.com", "c3@example.com", "gone@example.com"] };
    expect((await marketer.request("POST", path, byAddress)).body).toEqual({
      changed: 1,
      unknownAddresses: ["gone@example.com"],
    });
    expect(
      (await marketer.request("POST", `${path}/remove`, { contactIds: ["cnt_1", "cnt_3"] })).body,
    ).toEqual({
      changed: 2,
    });
    const members = await world.db.rows<{ id: string }>(
      await compileSegment(world.db, id.slice(4), worldNow),
    );
    expect(members).toEqual([{ id: "2" }]);
    const change = await marketer.request("PATCH", `/api/segments/${id}`, {
      definition: define(inCity("Bonn")),
    });
    expect(change).toMatchObject({ status: 409, body: { code: "segment.not-dynamic" } });
    const dynamic = await create(define(inCity("Bonn")));
    expect((await marketer.request("POST", `/api/segments/${dynamic}/members`, ids)).status).toBe(409);
  });

  test("a snapshot keeps the members of now", async () => {
    const id = await create(define(inCity("Bonn")));
    const answer = await marketer.request("POST", `/api/segments/${id}/snapshot`, { name: "Bonn in March" });
    await world.db.run(sql`update contacts set city = 'Berlin'`);
    const { body } = await marketer.request(
      "GET",
      `/api/segments/${segmentAnswer.parse(answer.body).id}/count`,
    );
    expect(body).toMatchObject({ total: 2 });
  });

  test("422: [SG13] a rule about an attribute that was deleted reaches nobody, not even under a not", async () => {
    await world.db.run(
      sql`insert into attribute_definitions (key, label, type) values ('gone', 'Gone', 'boolean')`,
    );
    const isGone: Condition = { kind: "attribute", field: "gone", test: { operator: "equals", value: true } };
    const id = await create(define({ kind: "not", of: isGone }));
    const outer = await create(define(inSegment(id)));
    expect((await marketer.request("GET", `/api/segments/${outer}/count`)).body).toMatchObject({ total: 4 });
    await world.db.run(sql`delete from attribute_definitions where key = 'gone'`);
    const answer = await marketer.request("GET", `/api/segments/${outer}/count`);
    expect(answer).toMatchObject({ status: 422, body: { code: "segment.invalid" } });
    expect((await marketer.request("GET", `/api/segments/${id}`)).body).toMatchObject({
      problems: [{ code: "segment.unknown-field", path: ["of"] }],
    });
  });

  test("why a contact is a member is told rule by rule, by id or by address", async () => {
    const definition = define({ kind: "all", of: [inCity("Bonn"), { kind: "mailable" }] });
    const ask = (contact: string) =>
      marketer.request("POST", "/api/segments/explain", { definition, contact });
    expect((await ask("cnt_2")).body).toMatchObject({
      contact: { email: "c2@Example.com" },
      explanation: {
        verdict: false,
        of: [{ verdict: false, because: "It is “Berlin”." }, { verdict: true }],
      },
    });
    expect((await ask("C1@example.com")).body).toMatchObject({ explanation: { verdict: true } });
    expect((await ask("nobody@example.com")).status).toBe(404);
  });

  test("the list is searched and paged by name, and archived segments are apart", async () => {
    for (const name of ["Paged b", "paged A", "Paged c"]) await create(null, name);
    const list = async (query: string) =>
      listAnswer.parse((await marketer.request("GET", `/api/segments?search=PAGED&${query}`)).body);
    const first = await list("limit=2");
    const second = await list(`limit=2&cursor=${first.nextCursor}`);
    expect(first.items).toMatchObject([{ name: "paged A" }, { name: "Paged b" }]);
    expect(second).toMatchObject({ items: [{ name: "Paged c" }], nextCursor: null });
    expect((await list("archived=yes")).items).toEqual([]);
  });

  test("503: F-55: what takes too long is stopped and says so", async () => {
    const slow = readInTime(world.db, (tx) => tx.rows(sql`select pg_sleep(60)`), 20);
    await expect(slow).rejects.toMatchObject({ code: "segment.too-slow" });
  });
});

test("[SG10] what an explanation is made from is what the database has, for every condition and contact", async () => {
  const contacts = fc.sample(worldContact, { seed: 7, numRuns: 12 });
  await insertWorldContacts(world.db, contacts);
  const frame = { now: worldNow, timeZone: "Europe/Berlin" };
  for (const condition of fc.sample(anyCondition, { seed: 7, numRuns: 150 })) {
    if (JSON.stringify(condition).includes(worldIds.dynamicSegment)) continue;
    const sources = await loadSources(world.db, condition);
    for (const [index, contact] of contacts.entries()) {
      const facts = await gatherContactFacts(world.db, String(index + 1), {
        condition,
        sources,
        now: worldNow,
      });
      expect(facts && matches(condition, facts, frame)).toBe(matches(condition, factsOf(contact), frame));
    }
  }
});
