import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manualClock, sql } from "#server/platform/index.ts";
import { createTestDatabase, type TestDatabase } from "#test/database.ts";
import { aGraph } from "#test/journeys.ts";
import {
  addContacts,
  addInteractions,
  addLiveMessage,
  addMembers,
  addSegment,
  plainAudience,
  runGraph,
} from "#test/running-journey.ts";
import { createLoader } from "./live-journey.ts";
import { runDueVisits } from "./run-due-visits.ts";
import { verifyJourneys } from "./verify-journeys.ts";
import { wakeTriggers } from "./wake-triggers.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  expect(await verifyJourneys(database.db)).toEqual([]);
  await database.drop();
});

const begin = new Date("2026-03-01T12:00:00Z");
const minute = 60_000;
const day = 86_400_000;

/** An engine on the test's database whose clock is set by hand. */
function anEngine() {
  const clock = manualClock(begin);
  const load = createLoader();
  const deps = { db: database.db, clock, audience: plainAudience };
  return {
    clock,
    /** Runs rounds until nothing more is due. */
    run: async () => {
      for (;;) {
        const { entered, moved } = await runDueVisits(deps, load);
        if (entered + moved === 0) return;
      }
    },
    hear: (payloads: readonly object[]) =>
      database.db.transaction((tx) =>
        wakeTriggers(
          { clock, load },
          tx,
          payloads.map((payload, id) => ({
            id: String(id),
            kind: "contact.interacted",
            payload,
            at: clock.now(),
          })),
        ),
      ),
  };
}

/** How many visits stand at or ended at each tile. */
async function standing(): Promise<Record<string, number>> {
  const rows = await database.db.rows<{ node_id: string; count: number }>(
    sql`select node_id, count(*)::integer as count from journey_visits group by node_id order by node_id`,
  );
  return Object.fromEntries(rows.map(({ node_id, count }) => [node_id, count]));
}

/** Who was handed to delivery by which tile, in the order of handing over. */
async function queued(): Promise<{ contact: string; tile: string; mailing: string }[]> {
  return database.db.rows(sql`
    select contact, mailing.node_id as tile, mailing.id as mailing
    from delivery_chunks chunk join mailings mailing on mailing.id = chunk.mailing_id, unnest(contact_ids) as contact
    order by chunk.id, contact`);
}

const end = { kind: "end" } as const;
const days = (amount: number) => ({ amount, unit: "days" }) as const;
const wait = (amount: number) =>
  ({ kind: "wait", until: { kind: "duration", duration: days(amount) } }) as const;

/** start → invite → day → end, over contacts in a segment of their own. */
async function aMailing(cities: readonly (string | null)[], joinLater = false) {
  const { db } = database;
  const contacts = await addContacts(db, cities);
  const segment = await addSegment(db, contacts);
  const message = await addLiveMessage(db);
  const start = { kind: "segment-start", segmentId: `seg_${segment}`, joinLater } as const;
  const invite = { kind: "send", messageId: `msg_${message}` } as const;
  return { contacts, segment, message, start, invite };
}

test("[J10] [J13] members enter, are handed to delivery once each, and stand at the wait", async () => {
  const { contacts, start, invite } = await aMailing(["New York", null, "Bonn"]);
  await runGraph(
    database.db,
    aGraph({ start, invite, wait: wait(1), end }, ["start next invite", "invite next wait", "wait next end"]),
  );
  await anEngine().run();
  expect(await standing()).toEqual({ wait: 3 });
  expect((await queued()).map(({ contact }) => contact)).toEqual(contacts);
});

test("[J11] F-47: nobody leaves a wait early, and all leave it late if the engine was away", async () => {
  const { start, invite } = await aMailing(["Bonn", "Bonn"]);
  await runGraph(
    database.db,
    aGraph({ start, invite, wait: wait(1), end }, ["start next invite", "invite next wait", "wait next end"]),
  );
  const engine = anEngine();
  await engine.run();
  engine.clock.advance(day - 1);
  await engine.run();
  expect(await standing()).toEqual({ wait: 2 });
  engine.clock.advance(30 * day);
  await engine.run();
  expect(await standing()).toEqual({ end: 2 });
});

test("[J11] F-44 and F-45: a wait of forty days, over a change of the clocks, ends once, when it is over", async () => {
  const { start, invite } = await aMailing(["Bonn", "Bonn"]);
  await runGraph(
    database.db,
    aGraph({ start, invite, wait: wait(40), again: invite, end }, [
      "start next invite",
      "invite next wait",
      "wait next again",
      "again next end",
    ]),
  );
  const engine = anEngine();
  await engine.run();
  engine.clock.advance(40 * day - 1);
  await engine.run();
  expect(await standing()).toEqual({ wait: 2 });
  engine.clock.advance(1);
  await Promise.all([engine.run(), engine.run()]);
  await engine.run();
  expect(await standing()).toEqual({ end: 2 });
  expect((await queued()).filter(({ tile }) => tile === "again")).toHaveLength(2);
});

test("[J12] a wait until an instant lets all go together", async () => {
  const { start, invite } = await aMailing(["Bonn"]);
  const until = { kind: "wait", until: { kind: "date-time", at: "2026-03-02T09:00:00+01:00" } } as const;
  await runGraph(
    database.db,
    aGraph({ start, until, invite, end }, ["start next until", "until next invite", "invite next end"]),
  );
  const engine = anEngine();
  await engine.run();
  engine.clock.set(new Date("2026-03-02T07:59:59Z"));
  await engine.run();
  expect(await standing()).toEqual({ until: 1 });
  engine.clock.set(new Date("2026-03-02T08:00:00Z"));
  await engine.run();
  expect(await standing()).toEqual({ end: 1 });
});

test("[J16] an if parts contacts by its condition; who has no city is not in Bonn", async () => {
  const { start, invite } = await aMailing(["Bonn", "Berlin", null, "Bonn"]);
  const condition = {
    kind: "attribute",
    field: "city",
    test: { operator: "equals", value: "Bonn" },
  } as const;
  await runGraph(
    database.db,
    aGraph({ start, fork: { kind: "if", condition }, invite, wait: wait(1), end }, [
      "start next fork",
      "fork yes invite",
      "fork no wait",
      "invite next end",
      "wait next end",
    ]),
  );
  await anEngine().run();
  expect(await standing()).toEqual({ end: 2, wait: 2 });
});

describe("[J10] who joins the segment later", () => {
  const graph = (start: { kind: "segment-start"; segmentId: string; joinLater: boolean }) =>
    aGraph({ start, wait: wait(1), end }, ["start next wait", "wait next end"]);
  test("enters within a minute, once, if the start says so", async () => {
    const { start, segment } = await aMailing(["Bonn"], true);
    await runGraph(database.db, graph(start));
    const engine = anEngine();
    await engine.run();
    await addMembers(database.db, segment, await addContacts(database.db, ["Berlin"]));
    engine.clock.advance(minute - 1);
    await engine.run();
    expect(await standing()).toEqual({ wait: 1 });
    engine.clock.advance(1);
    await engine.run();
    expect(await standing()).toEqual({ wait: 2 });
    engine.clock.advance(2 * day);
    await engine.run();
    expect(await standing()).toEqual({ end: 2 });
  });
  test("stays out if the start does not", async () => {
    const { start, segment } = await aMailing(["Bonn"]);
    await runGraph(database.db, graph(start));
    const engine = anEngine();
    await engine.run();
    await addMembers(database.db, segment, await addContacts(database.db, ["Berlin"]));
    engine.clock.advance(2 * minute);
    await engine.run();
    expect(await standing()).toEqual({ wait: 1 });
  });
});

describe("[J14] a trigger", () => {
  const registered = {
    kind: "trigger",
    happening: { kind: "registered", eventId: "evt_7" },
    timeout: days(7),
  } as const;

  /** Sets the invitation journey of the overview running: invite, trigger, thanks or reminder. */
  async function anInvitation(cities: readonly string[], between: ReturnType<typeof wait> | null = null) {
    const { contacts, start, invite } = await aMailing(cities);
    const edges = ["answer yes thanks", "answer timeout remind", "thanks next end", "remind next end"];
    const tiles = { start, invite, answer: registered, thanks: invite, remind: invite, end };
    await runGraph(
      database.db,
      between
        ? aGraph({ ...tiles, between }, [
            "start next invite",
            "invite next between",
            "between next answer",
            ...edges,
          ])
        : aGraph(tiles, ["start next invite", "invite next answer", ...edges]),
    );
    return contacts;
  }
  const registers = (contactId: string, at: Date, more: object = {}) => ({
    kind: "registered",
    contactId,
    eventId: "7",
    at,
    ...more,
  });
  const sentTo = async () => (await queued()).map(({ contact, tile }) => `${contact} by ${tile}`).toSorted();

  test("thanks who registered and reminds who did not within the time-out", async () => {
    const [ana = "", ben = ""] = await anInvitation(["New York", "New York"]);
    const engine = anEngine();
    await engine.run();
    engine.clock.advance(day);
    const event = registers(ana, engine.clock.now());
    await addInteractions(database.db, [event]);
    await engine.hear([event]);
    await engine.run();
    expect(await standing()).toEqual({ answer: 1, end: 1 });
    engine.clock.advance(6 * day);
    await engine.run();
    expect(await standing()).toEqual({ end: 2 });
    expect(await sentTo()).toEqual([
      `${ana} by invite`,
      `${ana} by thanks`,
      `${ben} by invite`,
      `${ben} by remind`,
    ]);
  });

  test("counts a registration made between message and trigger", async () => {
    const [ana = ""] = await anInvitation(["New York"], wait(2));
    const engine = anEngine();
    await engine.run();
    engine.clock.advance(day);
    const event = registers(ana, engine.clock.now());
    await addInteractions(database.db, [event]);
    await engine.hear([event]);
    await engine.run();
    expect(await standing()).toEqual({ between: 1 });
    engine.clock.advance(day);
    await engine.run();
    expect(await sentTo()).toEqual([`${ana} by invite`, `${ana} by thanks`]);
  });

  test("does not count what happened before the message, nor another event, nor a machine", async () => {
    const [ana = ""] = await anInvitation(["New York"]);
    const engine = anEngine();
    await engine.run();
    engine.clock.advance(day);
    const events = [
      registers(ana, new Date(begin.getTime() - 1)),
      registers(ana, engine.clock.now(), { eventId: "8" }),
      registers(ana, engine.clock.now(), { agent: "machine" }),
    ];
    await addInteractions(database.db, events);
    await engine.hear(events);
    await engine.run();
    engine.clock.advance(6 * day - 1);
    await engine.run();
    expect(await standing()).toEqual({ answer: 1 });
    engine.clock.advance(1);
    await engine.run();
    expect(await sentTo()).toEqual([`${ana} by invite`, `${ana} by remind`]);
  });

  test("finds at the time-out what nobody told it, and does not call back who timed out", async () => {
    const [ana = "", ben = ""] = await anInvitation(["New York", "New York"]);
    const engine = anEngine();
    await engine.run();
    await addInteractions(database.db, [registers(ana, new Date(begin.getTime() + day))]);
    engine.clock.advance(7 * day);
    await engine.run();
    const late = registers(ben, engine.clock.now());
    await addInteractions(database.db, [late]);
    await engine.hear([late]);
    await engine.run();
    expect(await sentTo()).toEqual([
      `${ana} by invite`,
      `${ana} by thanks`,
      `${ben} by invite`,
      `${ben} by remind`,
    ]);
  });
});

test("[J14] a trigger on a tile's message hears opens of that mailing only", async () => {
  const { contacts, start, invite } = await aMailing(["Bonn", "Bonn"]);
  const [ana = "", ben = ""] = contacts;
  const opened = {
    kind: "trigger",
    happening: { kind: "opened", of: { kind: "tile", tileId: "first" } },
    timeout: days(1),
  } as const;
  await runGraph(
    database.db,
    aGraph({ start, first: invite, second: invite, opened, wait: wait(9), end }, [
      "start next first",
      "first next second",
      "second next opened",
      "opened yes wait",
      "opened timeout end",
      "wait next end",
    ]),
  );
  const engine = anEngine();
  await engine.run();
  const [first, second] = [...new Set((await queued()).map(({ mailing }) => mailing))];
  engine.clock.advance(minute);
  const opens = [
    { kind: "open", contactId: ana, mailingId: first, at: engine.clock.now() },
    { kind: "open", contactId: ben, mailingId: second, at: engine.clock.now() },
  ];
  await addInteractions(database.db, opens);
  await engine.hear(opens);
  await engine.run();
  expect(await standing()).toEqual({ opened: 1, wait: 1 });
});

test("[J4] an erased contact leaves its journeys, and the numbers stay", async () => {
  const { contacts, start, invite } = await aMailing(["Bonn", "Bonn"]);
  await runGraph(
    database.db,
    aGraph({ start, invite, wait: wait(1), end }, ["start next invite", "invite next wait", "wait next end"]),
  );
  const engine = anEngine();
  await engine.run();
  await database.db.run(sql`delete from contacts where id = ${contacts[0]}`);
  engine.clock.advance(day);
  await engine.run();
  expect(await standing()).toEqual({ end: 1, wait: 1 });
  const traces = await database.db.rows(
    sql`select contact_id from journey_visits where contact_id = ${contacts[0]}
        union all select contact_id from journey_passages where contact_id = ${contacts[0]}`,
  );
  expect(traces).toEqual([]);
});

test("[J2] each passage is recorded in order, with arrival and leaving", async () => {
  const { start, invite } = await aMailing(["Bonn"]);
  await runGraph(
    database.db,
    aGraph({ start, invite, wait: wait(1), end }, ["start next invite", "invite next wait", "wait next end"]),
  );
  const engine = anEngine();
  await engine.run();
  engine.clock.advance(day);
  await engine.run();
  expect(
    await database.db.rows(
      sql`select step, node_id, exit, arrived_at, left_at from journey_passages order by step`,
    ),
  ).toEqual([
    { step: 0, node_id: "invite", exit: "next", arrived_at: begin, left_at: begin },
    { step: 1, node_id: "wait", exit: "next", arrived_at: begin, left_at: new Date(begin.getTime() + day) },
  ]);
});

test("a journey whose condition cannot be compiled does not hold up the others", async () => {
  const { start, invite } = await aMailing(["Bonn"]);
  const broken = { kind: "if", condition: { kind: "segment", segmentId: "seg_99" } } as const;
  await runGraph(
    database.db,
    aGraph({ start, broken, end }, ["start next broken", "broken yes end", "broken no end"]),
  );
  await runGraph(database.db, aGraph({ start, invite, end }, ["start next invite", "invite next end"]));
  const engine = anEngine();
  for (let round = 0; round < 3; round++) await engine.run().catch(() => undefined);
  expect(await standing()).toEqual({ broken: 1, end: 1 });
});
