import { describe, expect, test } from "vitest";
import type { Condition, Test, TimeWindow } from "./condition.ts";
import type { ContactFacts, InteractionFact } from "./facts.ts";
import { matches } from "./matches.ts";

const now = new Date("2026-03-29T10:15:30.250Z");
const frame = { now, timeZone: "Europe/Berlin" };

function aContact(facts: Partial<ContactFacts> = {}, city: string | null = null): ContactFacts {
  const none = { first_name: null, last_name: null, language: null, time_zone: null, country: null };
  return {
    columns: { email: "ana@example.com", ...none, city },
    createdAt: now,
    attributes: {},
    topicIds: [],
    isMailable: true,
    segmentIds: [],
    interactions: [],
    visits: [],
    ...facts,
  };
}

function aClick(at: string, more: Partial<InteractionFact> = {}): InteractionFact {
  const click = {
    kind: "click",
    messageId: "msg_1",
    journeyId: null,
    eventId: null,
    links: [],
    isMachine: false,
  };
  return { ...click, at: new Date(at), ...more };
}

const isBerlin: Condition = {
  kind: "attribute",
  field: "city",
  test: { operator: "equals", value: "Berlin" },
};
const of = (value: unknown, test: Test) =>
  matches({ kind: "attribute", field: "x", test }, aContact({ attributes: { x: value } }), frame);

test("[SG1] everyone except Berlin includes those without a city", () => {
  expect(matches({ kind: "not", of: isBerlin }, aContact(), frame)).toBe(true);
});

test("[SG3] text compares without regard to case", () => {
  expect(matches(isBerlin, aContact({}, "BERLIN"), frame)).toBe(true);
  expect(of("ΣΑΣ", { operator: "contains", value: "ας" })).toBe(false);
  expect(of("ΣΑΣ", { operator: "contains", value: "ασ" })).toBe(true);
});

test("[SG4] no value, empty text and an empty list are empty; zero and no are not", () => {
  const isEmpty: Test = { operator: "is-empty" };
  expect([undefined, null, "", []].map((value) => of(value, isEmpty))).toEqual([true, true, true, true]);
  expect([0, false, " ", ["a"]].map((value) => of(value, isEmpty))).toEqual([false, false, false, false]);
});

test("[SG5] a single choice is a set of one", () => {
  expect(of("pro", { operator: "has-any", values: ["pro", "free"] })).toBe(true);
  expect(of("pro", { operator: "has-all", values: ["pro", "free"] })).toBe(false);
  expect(of(["free", "pro"], { operator: "has-all", values: ["pro", "free"] })).toBe(true);
});

test("an attribute never shadows a built-in column, nor is it found on Object.prototype", () => {
  expect(matches(isBerlin, aContact({ attributes: { city: "Berlin" } }), frame)).toBe(false);
  const test: Test = { operator: "is-empty" };
  expect(matches({ kind: "attribute", field: "constructor", test }, aContact(), frame)).toBe(true);
});

describe("[SG6] days are days in the segment's zone", () => {
  const examples: readonly [Test, unknown, boolean][] = [
    [{ operator: "on", day: { daysFromToday: 0 } }, "2026-03-28T23:00:00.000Z", true],
    [{ operator: "on", day: { daysFromToday: 0 } }, "2026-03-28T22:59:59.999Z", false],
    [{ operator: "on", day: { daysFromToday: 0 } }, "2026-03-29T21:59:59.999Z", true],
    [{ operator: "on", day: { daysFromToday: 0 } }, "2026-03-29T22:00:00.000Z", false],
    [{ operator: "before", day: { date: "2026-03-29" } }, "2026-03-28", true],
    [{ operator: "before", day: { date: "2026-03-29" } }, "2026-03-29", false],
    [{ operator: "after", day: { date: "2026-03-28" } }, "2026-03-28T23:00:00.000Z", true],
    [{ operator: "in-last-days", days: 1 }, "2026-03-28T10:15:30.250Z", true],
    [{ operator: "in-last-days", days: 1 }, "2026-03-28T10:15:30.249Z", false],
    [{ operator: "in-last-days", days: 1 }, now.toISOString(), true],
    [{ operator: "in-last-days", days: 1 }, "2026-03-29T10:15:30.251Z", false],
    [{ operator: "in-last-days", days: 2 }, "2026-03-28", true],
    [{ operator: "in-last-days", days: 2 }, "2026-03-27", false],
    [{ operator: "in-next-days", days: 2 }, "2026-03-30", true],
    [{ operator: "in-next-days", days: 2 }, "2026-03-31", false],
    [{ operator: "before", day: { date: "2026-03-29" } }, "soon", false],
  ];
  test.each(examples)("%j of %s is %s", (test, value, verdict) => {
    expect(of(value, test)).toBe(verdict);
  });
});

describe("[SG7] interactions", () => {
  const clicked = (window: TimeWindow, times = 1): Condition => ({
    kind: "interaction",
    interaction: "click",
    messageId: "msg_1",
    count: { operator: "at-least", value: times },
    window,
  });
  const last2Days: TimeWindow = { kind: "last", amount: 2, unit: "days" };
  const contact = aContact({
    interactions: [aClick("2026-03-28T10:00:00Z"), aClick("2026-03-20T10:00:00Z")],
  });

  test("are counted inside their window only", () => {
    expect(matches(clicked({ kind: "ever" }, 2), contact, frame)).toBe(true);
    expect(matches(clicked(last2Days, 2), contact, frame)).toBe(false);
    expect(matches(clicked(last2Days), contact, frame)).toBe(true);
  });
  test("did not within a window is the opposite of did", () => {
    expect(matches({ kind: "not", of: clicked(last2Days) }, aContact(), frame)).toBe(true);
  });
  test("of machines count only when asked for", () => {
    const scanned = aContact({ interactions: [aClick("2026-03-28T10:00:00Z", { isMachine: true })] });
    const rule = clicked({ kind: "ever" });
    expect(matches(rule, scanned, frame)).toBe(false);
    expect(matches({ ...rule, machines: true } as Condition, scanned, frame)).toBe(true);
  });
});

test("the objects of a list are counted by their own condition", () => {
  const contact = aContact({ attributes: { orders: [{ total: 60 }, { total: 5 }, "junk", null] } });
  const rule = (value: number): Condition => ({
    kind: "items",
    field: "orders",
    where: { kind: "attribute", field: "total", test: { operator: "greater", value: 50 } },
    count: { operator: "exactly", value },
  });
  expect(matches(rule(1), contact, frame)).toBe(true);
  expect(matches(rule(0), aContact(), frame)).toBe(true);
});
