import { describe, expect, test } from "vitest";
import { aGraph } from "#test/journeys.ts";
import { planJourney } from "./plan.ts";
import { apply, type ContactFacts, enter, type Happened, step, type Visit } from "./step.ts";

const begin = new Date("2026-03-01T12:00:00Z");
const hours = (count: number) => new Date(begin.getTime() + count * 3_600_000);
const nothing: ContactFacts = { happened: [], matches: () => false };
const did = (kind: string, at: Date, more: Partial<Happened> = {}): ContactFacts => ({
  ...nothing,
  happened: [{ kind, agent: "human", eventId: null, messageId: null, tileId: null, at, ...more }],
});

const end = { kind: "end" } as const;
const start = { kind: "segment-start", segmentId: "seg_7", joinLater: false } as const;
const send = { kind: "send", messageId: "msg_5" } as const;
const oneDay = { kind: "wait", until: { kind: "duration", duration: { amount: 1, unit: "days" } } } as const;
const timeout = { amount: 2, unit: "days" } as const;
const registered = { kind: "trigger", happening: { kind: "registered", eventId: "evt_3" }, timeout } as const;
const openedFirst = {
  kind: "trigger",
  happening: { kind: "opened", of: { kind: "tile", tileId: "first" } },
  timeout,
} as const;

const plan = planJourney(
  aGraph({ start, first: send, day: oneDay, second: send, answer: registered, look: openedFirst, end }, [
    "start next first",
    "first next day",
    "day next second",
    "second next answer",
    "answer yes end",
    "answer timeout look",
    "look yes end",
    "look timeout end",
  ]),
);

/** Lets one contact travel, looking at each of these moments until nothing more happens. */
function travel(contact: ContactFacts, moments: readonly Date[]): Visit {
  let visit = enter(plan, begin);
  for (const now of moments) {
    for (
      let effects = step(plan, visit, contact, now);
      effects.length > 0;
      effects = step(plan, visit, contact, now)
    ) {
      for (const effect of effects) visit = apply(visit, effect, now);
      if (effects.some(({ kind }) => kind === "finish")) return visit;
    }
  }
  return visit;
}

const way = (visit: Visit) => visit.passages.map(({ tileId, exit }) => `${tileId} ${exit}`);

test("a plan holds row numbers, and its steps in the order of travel", () => {
  expect(plan.steps.map(({ id }) => id)).toEqual([
    "start",
    "first",
    "day",
    "second",
    "answer",
    "look",
    "end",
  ]);
  expect(plan.steps[1]).toEqual({ kind: "send", id: "first", messageId: "5", next: "day" });
});

test("[J13] a send tile sends and passes on to the next tile", () => {
  const visit = enter(plan, begin);
  expect(step(plan, visit, nothing, begin)).toEqual([
    { kind: "send", messageId: "5" },
    { kind: "pass", exit: "next", to: "day", dueAt: hours(24) },
  ]);
});

test("[J11] a wait is never early, and late rather than never", () => {
  const waiting = travel(nothing, [begin]);
  expect(step(plan, waiting, nothing, new Date(hours(24).getTime() - 1))).toEqual([]);
  expect(step(plan, waiting, nothing, hours(24))).toHaveLength(1);
  expect(step(plan, waiting, nothing, hours(2400))).toHaveLength(1);
});

test("[J12] a wait until a moment that has passed does not hold", () => {
  const until = { kind: "wait", until: { kind: "date-time", at: "2026-02-01T00:00:00Z" } } as const;
  const early = planJourney(aGraph({ start, until, end }, ["start next until", "until next end"]));
  expect(enter(early, begin).dueAt).toEqual(begin);
});

describe("[J14] a trigger", () => {
  test("passes by yes as soon as the contact registered", () => {
    expect(
      way(travel(did("registered", hours(30), { eventId: "3" }), [begin, hours(24), hours(31)])),
    ).toEqual(["first next", "day next", "second next", "answer yes"]);
  });
  test("does not count what happened before the last send tile was passed", () => {
    expect(travel(did("registered", hours(23), { eventId: "3" }), [begin, hours(24)]).tileId).toBe("answer");
  });
  test("does not count another event", () => {
    expect(travel(did("registered", hours(25), { eventId: "4" }), [begin, hours(24), hours(26)]).tileId).toBe(
      "answer",
    );
  });
  test("passes by timeout when its time has run since arrival", () => {
    expect(travel(nothing, [begin, hours(24), hours(71.9)]).tileId).toBe("answer");
    expect(travel(nothing, [begin, hours(24), hours(72)]).tileId).toBe("look");
  });
  test("that names a tile's message counts since that tile was passed, over later send tiles", () => {
    const opened = did("open", hours(2), { tileId: "first" });
    expect(way(travel(opened, [begin, hours(24), hours(72)]))).toContain("look yes");
  });
  test("prefers yes when the time-out is due as well", () => {
    expect(
      way(travel(did("registered", hours(30), { eventId: "3" }), [begin, hours(24), hours(100)])),
    ).toContain("answer yes");
  });
});

test("[J15] what a machine did never passes a trigger", () => {
  const scanned = did("open", hours(2), { tileId: "first", agent: "machine" });
  expect(way(travel(scanned, [begin, hours(24), hours(72), hours(120)]))).toContain("look timeout");
});

test("[J16] an if passes by what the condition says at that moment", () => {
  const condition = { kind: "all", of: [] } as const;
  const fork = planJourney(
    aGraph({ start, fork: { kind: "if", condition }, yes: oneDay, end }, [
      "start next fork",
      "fork yes yes",
      "fork no end",
      "yes next end",
    ]),
  );
  const at = enter(fork, begin);
  expect(step(fork, at, { ...nothing, matches: () => true }, begin)).toMatchObject([
    { exit: "yes", to: "yes" },
  ]);
  expect(step(fork, at, nothing, begin)).toMatchObject([{ exit: "no", to: "end" }, { kind: "finish" }]);
});
