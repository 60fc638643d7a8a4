import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wellTypedCondition, worldFields, worldIds, worldNow } from "#test/arbitrary-condition.ts";
import { factsOf, worldContact } from "#test/arbitrary-contact.ts";
import { checkCondition, type Schema } from "./check-condition.ts";
import { conditionSchema, deepestNesting } from "./condition.ts";
import { describeCondition } from "./describe.ts";
import { explain } from "./explain.ts";
import { allFields } from "./field.ts";
import { matches } from "./matches.ts";
import { findCircle, referencesOf } from "./references.ts";
import { simplify } from "./simplify.ts";
import { printCondition } from "./text/print.ts";
import { readCondition } from "./text/read-condition.ts";

const named = (ids: readonly string[]) => ids.map((id) => ({ id, name: `The ${id}` }));
const schema: Schema = {
  fields: allFields(worldFields),
  catalog: {
    message: named(worldIds.messages),
    journey: named(worldIds.journeys),
    event: named(worldIds.events),
    topic: named(worldIds.topics),
    segment: named(worldIds.staticSegments),
  },
};

function problemsOf(text: string) {
  const read = readCondition(text, schema);
  return read.ok
    ? []
    : read.error.map(({ line, column, code, suggestion }) => [line, column, code, suggestion]);
}

describe("the type check, with the place in the text", () => {
  const examples: readonly [string, number, number, string, string | null][] = [
    ['age = 5 and citty = "Bonn"', 1, 13, "segment.unknown-field", "Did you mean city?"],
    [
      'age = 5\nand (vip = "yes" or vip = true)',
      2,
      6,
      "segment.wrong-type",
      "Use = true, = false or is empty",
    ],
    ['plan = "prro"', 1, 1, "segment.unknown-choice", 'Did you mean "pro"?'],
    ['interests has "gold"', 1, 1, "segment.unknown-choice", 'Choose from "free", "pro", "Pro"'],
    ["age between 5 and 1", 1, 1, "segment.reversed-range", "Swap the two ends"],
    ["birthday between today and 3 days ago", 1, 1, "segment.reversed-range", "Swap the two ends"],
    ['opened("The msg_1", link "x")', 1, 1, "segment.link-without-click", "Leave the link out"],
    ["clicked(msg_99)", 1, 1, "segment.unknown-reference", "Choose another one"],
    ["count(city) > 1", 1, 1, "segment.not-a-list", null],
  ];
  test.each(examples)("%s", (text, line, column, code, suggestion) => {
    expect(problemsOf(text)).toEqual([[line, column, code, suggestion]]);
  });

  test("tells everything that is wrong at once, also behind a not", () => {
    expect(problemsOf('age = "5" and not nothing is empty')).toHaveLength(2);
  });

  test("says where in the condition a problem is", () => {
    const rule = { kind: "attribute", field: "gone", test: { operator: "is-empty" } } as const;
    const [problem] = checkCondition(
      {
        kind: "all",
        of: [
          { kind: "any", of: [] },
          { kind: "not", of: rule },
        ],
      },
      schema,
    );
    expect(problem?.path).toEqual(["of", 1, "of"]);
  });
});

test("what is well typed passes, and can be written, read, described and explained", () => {
  fc.assert(
    fc.property(wellTypedCondition, worldContact, (condition, contact) => {
      const problems = checkCondition(condition, schema).filter(({ code }) => !tolerated.includes(code));
      expect(problems).toEqual([]);
      if (checkCondition(condition, schema).length === 0)
        expect(readCondition(printCondition(condition, schema.catalog), schema)).toEqual({
          ok: true,
          value: condition,
        });
      expect(describeCondition(condition, schema)).not.toBe("");
      const frame = { now: worldNow, timeZone: "Europe/Berlin" };
      const facts = factsOf(contact);
      expect(explain(condition, facts, frame, schema).verdict).toBe(matches(condition, facts, frame));
      expect(matches(simplify(condition), facts, frame)).toBe(matches(condition, facts, frame));
    }),
    { numRuns: 500 },
  );
});
/** Mistakes that are not about types, which the random conditions do make. */
const tolerated = [
  "segment.reversed-range",
  "segment.link-without-click",
  "segment.event-without-page",
  "segment.machines-without-hit",
];

test("a condition is described in words", () => {
  const read = readCondition(
    'city = "New York" and not clicked("The msg_1", last 30 days) and (vip = true or count(orders where total > 5) >= 2)',
    schema,
  );
  expect(read.ok && describeCondition(read.value, schema)).toBe(
    "City is “New York” and did not click “The msg_1” in the last 30 days and (vip is yes or at least 2 items of orders where total is more than 5)",
  );
});

test("an explanation shows the deciding fact of each rule", () => {
  const read = readCondition('city = "Bonn" and not in_journey("The jrn_1")', schema);
  const [contact] = fc.sample(worldContact, { numRuns: 1, seed: 1 });
  if (!read.ok || !contact) throw new Error("unreachable");
  const facts = { ...factsOf(contact), visits: [], columns: { ...contact.columns, city: "bonn" } };
  expect(explain(read.value, facts, { now: worldNow, timeZone: "UTC" }, schema)).toMatchObject({
    verdict: true,
    of: [
      { words: "City is “Bonn”", because: "It is “bonn”.", verdict: true },
      { kind: "not", verdict: true, of: [{ verdict: false, because: "It never entered." }] },
    ],
  });
});

test("references are found once each, and circles of segments are found", () => {
  const read = readCondition(
    'clicked("The msg_1") or opened("The msg_1") and not in_segment("The seg_1")',
    schema,
  );
  expect(read.ok && referencesOf(read.value).map(({ id }) => id)).toEqual(["msg_1", "seg_1"]);
  const contains = new Map([
    ["a", ["b", "c"]],
    ["b", ["c"]],
    ["c", ["b"]],
    ["d", []],
  ]);
  expect(findCircle("a", contains)).toEqual(["b", "c", "b"]);
  expect(findCircle("d", contains)).toBeUndefined();
});

describe("the JSON face refuses", () => {
  const rule = (test: unknown) => ({ kind: "attribute", field: "city", test });
  const nested = (depth: number) => {
    let condition: unknown = { kind: "mailable" };
    for (let level = 0; level < depth; level++) condition = { kind: "not", of: condition };
    return condition;
  };
  test.each([
    ["an unknown kind", { kind: "sql", text: "true" }],
    ["an unknown key", { kind: "mailable", because: 1 }],
    ["text that cannot be stored", rule({ operator: "equals", value: "a\0b" })],
    ["half a character", rule({ operator: "equals", value: "\ud800" })],
    [
      "a field that is no key",
      { kind: "attribute", field: "x'; drop table contacts", test: { operator: "is-empty" } },
    ],
    ["an id of another kind", { kind: "topic", topicId: "seg_1" }],
    ["a day that does not exist", rule({ operator: "on", day: { date: "2026-02-30" } })],
    ["nesting that would exhaust the stack", nested(100_000)],
  ])("%s", (_, condition) => {
    expect(conditionSchema.safeParse(condition).success).toBe(false);
  });
  test("but takes groups nested as deep as allowed", () => {
    expect(conditionSchema.safeParse(nested(deepestNesting)).success).toBe(true);
  });
});
