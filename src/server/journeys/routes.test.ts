import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { Journey, JourneyNumbers, JourneyTrace } from "#contract/journeys.ts";
import type { Graph } from "#core/journeys/graph.ts";
import { checkVersion } from "#server/messages/index.ts";
import { manualClock, sql } from "#server/platform/index.ts";
import { conditionSql, gatherSchema, segmentSql } from "#server/segments/index.ts";
import { aGraph } from "#test/journeys.ts";
import { type Agent, createTestProduct, type TestProduct } from "#test/product.ts";
import { addContacts, addLiveMessage, addSegment, publishAgain } from "#test/running-journey.ts";
import { createJourneys } from "./index.ts";
import { verifyJourneys } from "./verify-journeys.ts";

const begin = new Date("2026-03-01T12:00:00Z");
const hour = 3_600_000;

let world: TestProduct;
let clock: ReturnType<typeof manualClock>;
let journeys: ReturnType<typeof createJourneys>;
let marketer: Agent;
beforeEach(async () => {
  clock = manualClock(begin);
  world = await createTestProduct({ clock });
  // The product's own engine sleeps in tests; this is another one, as in another process.
  journeys = createJourneys(world.platform, {
    audience: { conditionSql, segmentSql },
    conditionSchema: gatherSchema,
    checkMessageVersion: (versionId, settingsId) =>
      checkVersion(
        world.platform,
        { whereUsed: async () => [], knownEventSlugs: async () => [], carriesHiddenLink: async () => false },
        versionId,
        settingsId,
      ),
  });
  await world.db.run(sql`
    insert into content_settings (name, is_default, postal_address, company_name)
    values ('Default', true, '1 Main Street, Bonn', 'Example')
    on conflict (is_default) where is_default do update set postal_address = excluded.postal_address`);
  marketer = await world.as("marketer");
});
afterEach(async () => {
  expect(await verifyJourneys(world.db)).toEqual([]);
  await world.stop();
});

/** Runs the engine until nothing more is due. */
async function run(): Promise<void> {
  while (await journeys.tick());
}

/** An invitation with a wait, over three contacts in Bonn and one without a city. */
async function anInvitation(): Promise<{ graph: Graph; contacts: string[]; messageId: string }> {
  const contacts = await addContacts(world.db, ["Bonn", "Bonn", "Bonn", null]);
  const segment = await addSegment(world.db, contacts);
  const message = await addLiveMessage(world.db);
  const condition = {
    kind: "attribute",
    field: "city",
    test: { operator: "equals", value: "Bonn" },
  } as const;
  const graph = aGraph(
    {
      start: { kind: "segment-start", segmentId: `seg_${segment}`, joinLater: false },
      fork: { kind: "if", condition },
      invite: { kind: "send", messageId: `msg_${message}` },
      wait: { kind: "wait", until: { kind: "duration", duration: { amount: 1, unit: "hours" } } },
      end: { kind: "end" },
    },
    ["start next fork", "fork yes invite", "fork no end", "invite next wait", "wait next end"],
  );
  return { graph, contacts, messageId: `msg_${message}` };
}

async function created(graph?: Graph): Promise<z.infer<typeof Journey>> {
  const answer = await marketer.request("POST", "/api/journeys", { name: "Spring", graph });
  return Journey.parse(answer.body);
}

async function live(graph: Graph): Promise<z.infer<typeof Journey>> {
  const { id, revision } = await created(graph);
  const answer = await marketer.request("POST", `/api/journeys/${id}/go-live`, { revision });
  return Journey.parse(answer.body);
}

const act = (id: string, verb: string, body?: object) =>
  marketer.request("POST", `/api/journeys/${id}/${verb}`, body);
const numbersOf = async (id: string) =>
  JourneyNumbers.parse((await marketer.request("GET", `/api/journeys/${id}/numbers`)).body);
const withCode = (code: string) => expect.objectContaining({ code });

describe("200", () => {
  test("a new journey has a start and an end, and says what is missing", async () => {
    const journey = await created();
    expect(journey.graph.tiles.map(({ kind }) => kind)).toEqual(["segment-start", "end"]);
    const { body } = await marketer.request("GET", `/api/journeys/${journey.id}/check`);
    expect(body).toMatchObject({ passes: false, audience: null, revision: 1 });
  });

  test("the check counts who would enter, when asked to", async () => {
    const { graph } = await anInvitation();
    const { id } = await created(graph);
    const { body } = await marketer.request("GET", `/api/journeys/${id}/check?audience=yes`);
    expect(body).toMatchObject({ passes: true, audience: 4 });
  });

  test("[J31] going live starts it: members enter and the numbers of each tile follow", async () => {
    const { graph } = await anInvitation();
    const journey = await live(graph);
    expect(journey).toMatchObject({ state: "live", live: { number: 1, tilesWithNewerMessage: [] } });
    await run();
    const { entered, inside, tiles } = await numbersOf(journey.id);
    expect({ entered, inside }).toEqual({ entered: 4, inside: 3 });
    expect(tiles.toSorted((a, b) => (a.tileId < b.tileId ? -1 : 1))).toEqual([
      { tileId: "end", arrived: 1, waiting: 0, passed: {}, left: { end: 1 } },
      { tileId: "fork", arrived: 4, waiting: 0, passed: { yes: 3, no: 1 }, left: {} },
      { tileId: "invite", arrived: 3, waiting: 0, passed: { next: 3 }, left: {} },
      { tileId: "start", arrived: 4, waiting: 0, passed: { next: 4 }, left: {} },
      { tileId: "wait", arrived: 3, waiting: 3, passed: {}, left: {} },
    ]);
  });

  test("the contacts behind every number are as many as it says, page by page", async () => {
    const { graph } = await anInvitation();
    const { id } = await live(graph);
    await run();
    const page = z.object({
      items: z.array(z.object({ contactId: z.string() })),
      nextCursor: z.string().nullable(),
    });
    const behind = async (tile: string, group: string) => {
      const ids: string[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const url = `/api/journeys/${id}/tiles/${tile}/contacts?group=${group}&limit=2&cursor=${cursor}`;
        const { body } = await marketer.request("GET", cursor ? url : url.replace("&cursor=", ""));
        const { items, nextCursor } = page.parse(body);
        ids.push(...items.map(({ contactId }) => contactId));
        cursor = nextCursor;
      }
      return ids;
    };
    for (const { tileId, arrived, waiting, passed, left } of (await numbersOf(id)).tiles) {
      expect(await behind(tileId, "arrived")).toHaveLength(arrived);
      expect(await behind(tileId, "waiting")).toHaveLength(waiting);
      for (const [exit, total] of [...Object.entries(passed), ...Object.entries(left)])
        expect(new Set(await behind(tileId, exit)).size).toBe(total);
    }
  });

  test("a trace says in words what a contact went through", async () => {
    const { graph, contacts } = await anInvitation();
    const { id } = await live(graph);
    await run();
    const { body } = await marketer.request("GET", `/api/journeys/${id}/contacts/cnt_${contacts[0]}`);
    expect(JourneyTrace.parse(body).steps.map(({ what }) => what)).toEqual([
      "Entered, being a member of the segment",
      "Yes: City is “Bonn”",
      "Was handed “Invite” for sending",
      "Is here until 1 Mar 2026, 13:00",
    ]);
  });

  test("[J32] F-39: pausing holds everybody and what is queued; resuming lets overdue waits go", async () => {
    const { graph } = await anInvitation();
    const { id } = await live(graph);
    await run();
    expect((await act(id, "pause")).body).toMatchObject({ state: "paused" });
    clock.advance(3 * hour);
    await run();
    expect((await numbersOf(id)).inside).toBe(3);
    expect(await world.db.rows(sql`select distinct state from mailings`)).toEqual([{ state: "paused" }]);
    expect((await act(id, "resume")).body).toMatchObject({ state: "live" });
    await run();
    expect((await numbersOf(id)).inside).toBe(0);
    expect(await world.db.rows(sql`select distinct state from mailings`)).toEqual([{ state: "running" }]);
  });

  test("[J33] F-39: stopping says first what it cuts off, then ends every visit where it stands", async () => {
    const { graph } = await anInvitation();
    const { id } = await live(graph);
    await run();
    expect(await act(id, "stop")).toMatchObject({
      status: 409,
      body: { code: "journey.stop-not-confirmed", facts: { inside: 3, queued: 3 } },
    });
    expect((await act(id, "stop", { confirm: true })).body).toMatchObject({ state: "stopped" });
    const { inside, tiles } = await numbersOf(id);
    expect({ inside, left: tiles.find(({ tileId }) => tileId === "wait")?.left }).toEqual({
      inside: 0,
      left: { stopped: 3 },
    });
    expect(await world.db.rows(sql`select distinct state from mailings`)).toEqual([{ state: "cancelled" }]);
  });

  test("[J34] [D74] a journey completes by itself once nobody is inside and nothing is queued", async () => {
    const { graph } = await anInvitation();
    const { id } = await live(graph);
    await run();
    expect((await marketer.request("GET", `/api/journeys/${id}`)).body).toMatchObject({ state: "live" });
    clock.advance(hour);
    await run();
    expect((await numbersOf(id)).inside).toBe(0);
    expect((await marketer.request("GET", `/api/journeys/${id}`)).body).toMatchObject({ state: "live" });
    // What becomes of the mail does not matter, only that something did.
    await world.db.run(sql`
      insert into mailing_totals (mailing_id, outcome, total)
      select mailing_id, 'skipped', total from mailing_totals where outcome = 'queued'`);
    await run();
    expect((await marketer.request("GET", `/api/journeys/${id}`)).body).toMatchObject({ state: "completed" });
  });

  test("[J35] F-39: a newer message is sent only after the update is asked for", async () => {
    const { graph, messageId } = await anInvitation();
    const { id } = await live(graph);
    await publishAgain(world.db, messageId.slice(4));
    const { live: before } = Journey.parse((await marketer.request("GET", `/api/journeys/${id}`)).body);
    expect(before?.tilesWithNewerMessage).toEqual(["invite"]);
    const { live: after } = Journey.parse((await act(id, "update-messages")).body);
    expect(after?.tilesWithNewerMessage).toEqual([]);
    await run();
    const sent = await world.db.rows(sql`
      select version.number from mailings join mailing_totals on mailing_totals.mailing_id = mailings.id
      join message_versions version on version.id = message_version_id where outcome = 'queued'`);
    expect(sent).toEqual([{ number: 2 }]);
  });

  test("copies, archives and restores", async () => {
    const { graph } = await anInvitation();
    const { id } = await created(graph);
    expect((await act(id, "copy")).body).toMatchObject({ name: "Spring (copy)", state: "draft", graph });
    expect((await act(id, "archive")).body).toMatchObject({ isArchived: true });
    const listed = async (state: string) =>
      z
        .object({ items: z.array(z.object({ name: z.string() })) })
        .parse((await marketer.request("GET", `/api/journeys?state=${state}`)).body)
        .items.map(({ name }) => name);
    expect(await listed("any")).toEqual(["Spring (copy)"]);
    expect(await listed("archived")).toEqual(["Spring"]);
    expect((await act(id, "restore")).body).toMatchObject({ isArchived: false });
  });

  test("everything that a person did is in the audit log", async () => {
    const { graph } = await anInvitation();
    const { id } = await live(graph);
    await act(id, "pause");
    await act(id, "resume");
    await act(id, "stop", { confirm: true });
    const rows = await world.db.rows<{ action: string }>(
      sql`select action from audit_log where subject_id = ${id} order by id`,
    );
    expect(rows.map(({ action }) => action)).toEqual([
      "journey.created",
      "journey.went-live",
      "journey.paused",
      "journey.resumed",
      "journey.stopped",
    ]);
  });
});

test("400: a graph that is none is refused", async () => {
  const answer = await marketer.request("POST", "/api/journeys", {
    name: "X",
    graph: { tiles: [{ kind: "?" }] },
  });
  expect(answer).toMatchObject({ status: 400, body: withCode("request.invalid") });
});

test("403: an analyst reads, but neither saves nor goes live", async () => {
  const { id, revision } = await created();
  const analyst = await world.as("analyst");
  expect((await analyst.request("GET", `/api/journeys/${id}`)).status).toBe(200);
  expect((await analyst.request("POST", "/api/journeys", { name: "X" })).status).toBe(403);
  expect((await analyst.request("POST", `/api/journeys/${id}/go-live`, { revision })).status).toBe(403);
});

test("404: a journey that is not there, and a contact who never entered", async () => {
  expect(await marketer.request("GET", "/api/journeys/jrn_99")).toMatchObject({
    status: 404,
    body: withCode("journey.not-found"),
  });
  const { id } = await created();
  expect(await marketer.request("GET", `/api/journeys/${id}/contacts/cnt_1`)).toMatchObject({
    status: 404,
    body: withCode("journey.contact-not-inside"),
  });
});

describe("409", () => {
  test("[J36] saving over somebody else's save is refused and changes nothing", async () => {
    const journey = await created();
    const save = (name: string) =>
      marketer.request("PUT", `/api/journeys/${journey.id}`, { ...journey, name, revision: 1 });
    expect((await save("First")).body).toMatchObject({ name: "First", revision: 2 });
    expect(await save("Second")).toMatchObject({
      status: 409,
      body: { code: "journey.edited-elsewhere", facts: { revision: 2 } },
    });
    expect((await marketer.request("GET", `/api/journeys/${journey.id}`)).body).toMatchObject({
      name: "First",
    });
  });

  test("[J30] what the state does not allow is refused and says when it is possible", async () => {
    const { graph } = await anInvitation();
    const draft = await created(graph);
    expect(await act(draft.id, "pause")).toMatchObject({
      status: 409,
      body: { code: "journey.wrong-state", facts: { state: "draft", possibleIn: ["live"] } },
    });
    const running = await live(graph);
    expect((await marketer.request("PUT", `/api/journeys/${running.id}`, { ...running })).status).toBe(409);
    expect((await act(running.id, "archive")).status).toBe(409);
    expect((await act(running.id, "go-live", { revision: 1 })).status).toBe(409);
  });
});

describe("422", () => {
  test("[J31] a journey with errors does not go live, and its findings say where", async () => {
    const { id, revision } = await created();
    expect(await act(id, "go-live", { revision })).toMatchObject({
      status: 422,
      body: {
        code: "journey.check-failed",
        facts: {
          findings: [{ code: "journey.tile-incomplete", where: { nodeId: "t1" } }, { severity: "warning" }],
        },
      },
    });
    expect(await world.db.rows(sql`select id from journey_versions`)).toEqual([]);
  });

  test("[J46] nor does one whose message fails its check in these content settings", async () => {
    const { graph, messageId } = await anInvitation();
    await publishAgain(world.db, messageId.slice(4), { html: "{% if contact.city %}" });
    const { id, revision } = await created(graph);
    expect(await act(id, "go-live", { revision })).toMatchObject({
      status: 422,
      body: { facts: { findings: [{ code: "journey.message-check-failed", where: { nodeId: "invite" } }] } },
    });
  });
});
