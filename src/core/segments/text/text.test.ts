import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyCondition, worldIds } from "#test/arbitrary-condition.ts";
import type { Condition } from "../condition.ts";
import { conditionSchema } from "../condition.ts";
import type { Catalog } from "../references.ts";
import { parseCondition } from "./parse.ts";
import { printCondition } from "./print.ts";

const named = (ids: readonly string[], word: string) => ids.map((id) => ({ id, name: `${word} “${id}" \\` }));
const catalog: Catalog = {
  message: [
    { id: "msg_1", name: "Invite" },
    { id: "msg_2", name: "Reminder" },
    { id: "msg_3", name: "Twice" },
    { id: "msg_4", name: "Twice" },
  ],
  journey: named(worldIds.journeys, "Journey"),
  event: [{ id: "evt_1", name: "Open day" }],
  topic: [{ id: "top_1", name: "News" }],
  segment: named(["seg_1", "seg_2"], "Segment"),
};

function read(text: string): Condition {
  const parsed = parseCondition(text, catalog);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.condition;
}

function problemsOf(text: string) {
  const parsed = parseCondition(text, catalog);
  return parsed.ok
    ? []
    : parsed.error.map(({ line, column, message, suggestion }) => ({ line, column, message, suggestion }));
}

test("[SG9] every condition that is written as text reads back as the same condition", () => {
  fc.assert(
    fc.property(anyCondition, (condition) => {
      const text = printCondition(condition, catalog);
      expect(read(text), text).toEqual(condition);
      expect(conditionSchema.parse(condition)).toEqual(condition);
    }),
    { numRuns: 2000 },
  );
});

describe("what is read", () => {
  const examples: readonly [string, string][] = [
    [
      'city = "New York" and not clicked("Invite", last 30 days)',
      'city = "New York" and not clicked("Invite", last 30 days)',
    ],
    ['age >= 18 or vip = true and plan has "pro"', 'age >= 18 or (vip = true and plan has any ("pro"))'],
    ["birthday >= 2000-01-01", "not birthday before 2000-01-01"],
    ["not (city is empty)", "city is not empty"],
    [
      'clicked(last 3 hours, "Invite", including machines, at least 2 times)',
      'clicked("Invite", at least 2 times, last 3 hours, including machines)',
    ],
    [
      'registered("Open day", between 2026-01-01 and today)',
      'registered("Open day", between 2026-01-01 and today)',
    ],
    ["opened(msg_2)", 'opened("Reminder")'],
    ["opened(msg_3)", "opened(msg_3)"],
    [
      'count(orders where total > 50 and Status = "paid") > 1',
      'count(orders where total > 50 and Status = "paid") >= 2',
    ],
    ['did("purchase", exactly 1 time)', 'did("purchase", exactly 1 time)'],
    ['city not in ("Bonn", "Berlin")', 'not city in ("Bonn", "Berlin")'],
  ];
  test.each(examples)("%s", (text, printed) => {
    expect(printCondition(read(text), catalog)).toBe(printed);
  });
  test("long groups stand on several lines", () => {
    const text = printCondition(
      read(Array.from({ length: 9 }, (_, n) => `note contains "part ${n}"`).join(" or ")),
      catalog,
    );
    expect(text.split("\n")).toHaveLength(9);
  });
});

describe("what is refused, where, and what to write instead", () => {
  const examples: readonly [string, number, number, string, string | null][] = [
    ["", 1, 1, "Expected a field or a rule here, but the text ends.", null],
    ["city = Bonn", 1, 8, "Expected a text in quotes here, but there is Bonn.", '"Bonn"'],
    ['city = "Bonn', 1, 8, "This quote is not closed on its line.", 'Close it with "'],
    ["city = “Bonn”", 1, 8, "“ does not open a text.", 'Use straight double quotes: "'],
    ['city = "Bonn" and', 1, 18, "Expected a field or a rule here, but the text ends.", null],
    ['city = "Bonn"\n  and cliked("Invite")', 2, 7, "There is no rule cliked( … ).", "Did you mean clicked?"],
    ['clicked("Invit")', 1, 9, 'There is no message called "Invit".', 'Did you mean "Invite"?'],
    ['clicked("Twice")', 1, 9, '2 messages are called "Twice".', "Write one of their ids: msg_3, msg_4"],
    ['clicked("Invite", last 3 weeks)', 1, 26, "Expected days here, but there is weeks.", null],
    [
      'city contans "x"',
      1,
      6,
      "Expected an operator after city, such as = or is empty here, but there is contans.",
      "Did you mean contains?",
    ],
    ["born before 2026-02-30", 1, 13, "There is no day 2026-02-30.", "Write a day as 2026-02-28"],
    ['(city = "Bonn"', 1, 15, "Expected ) here, but the text ends.", null],
    ['city = ""', 1, 8, "An empty text matches nothing.", "Use: is empty"],
    ['city = "a" city', 1, 12, "Expected and, or, or the end here, but there is city.", null],
    ['age < "5"', 1, 7, 'Expected a number or a day after < here, but there is "5".', null],
    ['clicked("Invite", at least 1 time, at least 2 times)', 1, 36, "This is said twice.", null],
    ["created_at in last 99999 days", 1, 1, "Too big: expected number to be <=36500.", null],
  ];
  test.each(examples)("%s", (text, line, column, message, suggestion) => {
    expect(problemsOf(text)).toEqual([{ line, column, message, suggestion }]);
  });

  test("every name that nothing has is told at once", () => {
    expect(problemsOf('clicked("A") and subscribed("B")').map(({ column }) => column)).toEqual([9, 29]);
  });

  test("nesting that would exhaust the stack is refused", () => {
    expect(problemsOf("(".repeat(50_000))[0]?.message).toBe("This is nested too deep.");
    expect(problemsOf("not ".repeat(50_000))[0]?.message).toBe("This is nested too deep.");
  });
});
