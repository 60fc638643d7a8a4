import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { roles } from "#core/access/permissions.ts";
import { sql } from "#server/platform/index.ts";
import { someContacts } from "#test/mailings.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";

let product: TestProduct;
let marketer: Agent;

beforeAll(async () => {
  product = await createTestProduct();
  marketer = await product.as("marketer");
});
afterAll(() => product.stop());

const Shown = z.looseObject({
  id: z.string(),
  slug: z.string(),
  state: z.string(),
  registered: z.number(),
  waiting: z.number(),
});
const meeting = {
  name: "Spring Meeting – Zürich",
  startsAt: "2026-04-01T18:00:00+02:00",
  endsAt: "2026-04-01T20:00:00+02:00",
  timeZone: "Europe/Zurich",
};

async function create(more: object = {}) {
  const answer = await marketer.request("POST", "/api/events", { ...meeting, ...more });
  expect(answer.status).toBe(200);
  return Shown.parse(answer.body);
}
const act = async (id: string, action: string) => marketer.request("POST", `/api/events/${id}/${action}`, {});

describe("200", () => {
  test("an event is made as a draft with a page address from its name, and the next one of that name gets another", async () => {
    const first = await create();
    expect(first).toMatchObject({
      slug: "spring-meeting-zurich",
      state: "draft",
      startsAt: "2026-04-01T16:00:00.000Z",
      pageUrl: "http://postroad.test/e/spring-meeting-zurich",
    });
    expect((await create()).slug).toMatch(/^spring-meeting-zurich-[0-9a-f]{6}$/);
  });

  test("[E1] it opens, closes, opens again and is cancelled, each noted in the audit log", async () => {
    const { id } = await create();
    for (const [action, state] of [
      ["open", "open"],
      ["close", "closed"],
      ["open", "open"],
      ["cancel", "cancelled"],
    ] as const)
      expect(Shown.parse((await act(id, action)).body).state).toBe(state);
    const log = await product.db.rows<{ action: string }>(
      sql`select action from audit_log where subject_id = ${id} order by id`,
    );
    expect(log.map(({ action }) => action)).toEqual([
      "event.created",
      "event.opened",
      "event.closed",
      "event.opened",
      "event.cancelled",
    ]);
  });

  test("[E4] a larger capacity moves people up; registrations are listed by pages", async () => {
    const { id } = await create({ capacity: 1 });
    const contactIds = await someContacts(product.db, ["a@example.com", "b@example.com", "c@example.com"]);
    await product.db.run(sql`
      insert into registrations (event_id, contact_id, state, registered_at)
      select ${id.slice(4)}, contact_id, case place when 1 then 'registered' else 'waiting' end, now() + place * interval '1 s'
      from unnest(${contactIds}::bigint[]) with ordinality given(contact_id, place)`);
    const changed = await marketer.request("PATCH", `/api/events/${id}`, { capacity: 2 });
    expect(Shown.parse(changed.body)).toMatchObject({
      capacity: 2,
      registered: 2,
      waiting: 1,
      name: meeting.name,
    });
    const Page = z.object({
      items: z.array(z.looseObject({ email: z.string(), state: z.string() })),
      nextCursor: z.string().nullable(),
    });
    const first = Page.parse((await marketer.request("GET", `/api/events/${id}/registrations?limit=2`)).body);
    const second = Page.parse(
      (await marketer.request("GET", `/api/events/${id}/registrations?limit=2&cursor=${first.nextCursor}`))
        .body,
    );
    expect([...first.items, ...second.items].map(({ email, state }) => [email, state])).toEqual([
      ["a@example.com", "registered"],
      ["b@example.com", "registered"],
      ["c@example.com", "waiting"],
    ]);
    expect(second.nextCursor).toBeNull();
  });

  test("events are listed from the latest on and found by name", async () => {
    const { id } = await create({
      name: "Unlike any other",
      startsAt: "2030-01-01T10:00:00Z",
      endsAt: "2030-01-01T11:00:00Z",
    });
    const Page = z.object({ items: z.array(Shown) });
    expect(Page.parse((await marketer.request("GET", "/api/events")).body).items[0]?.id).toBe(id);
    const found = Page.parse((await marketer.request("GET", "/api/events?search=UNLIKE")).body);
    expect(found.items.map((event) => event.id)).toEqual([id]);
  });

  test("a draft can be deleted", async () => {
    const { id } = await create();
    expect((await marketer.request("DELETE", `/api/events/${id}`)).status).toBe(200);
    expect((await marketer.request("GET", `/api/events/${id}`)).status).toBe(404);
  });
});

describe("400", () => {
  test("an end before the start, a zone that is none, a topic that is not there", async () => {
    for (const wrong of [
      { endsAt: "2026-04-01T17:00:00+02:00" },
      { timeZone: "Mars/Olympus" },
      { topicId: "top_999999" },
      { onlineUrl: "javascript:alert(1)" },
    ])
      expect((await marketer.request("POST", "/api/events", { ...meeting, ...wrong })).status).toBe(400);
  });
});

describe("403", () => {
  test("only who may write events changes them; everybody may read them", async () => {
    const { id } = await create();
    for (const role of roles) {
      const agent = await product.as(role);
      expect((await agent.request("GET", `/api/events/${id}`)).status).toBe(200);
      const changed = await agent.request("PATCH", `/api/events/${id}`, { place: "Hall" });
      expect([role, changed.status]).toEqual([role, role === "analyst" ? 403 : 200]);
    }
    expect((await product.anonymous.request("GET", "/api/events")).status).toBe(401);
  });
});

describe("404", () => {
  test("an event that is not there", async () => {
    for (const id of ["evt_999999", "msg_1"]) {
      const { status } = await marketer.request("GET", `/api/events/${id}`);
      expect([400, 404]).toContain(status);
    }
  });
});

describe("409", () => {
  test("a page address that is taken, a state that does not allow it, deleting what is open", async () => {
    const one = await create();
    const other = await create();
    expect((await marketer.request("PATCH", `/api/events/${other.id}`, { slug: one.slug })).status).toBe(409);
    await act(one.id, "cancel");
    expect((await act(one.id, "open")).status).toBe(409);
    await act(other.id, "open");
    expect((await marketer.request("DELETE", `/api/events/${other.id}`)).status).toBe(409);
  });
});
