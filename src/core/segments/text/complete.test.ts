import { describe, expect, test } from "vitest";
import { allFields } from "../field.ts";
import { completeText } from "./complete.ts";

const schema = {
  fields: allFields([
    { key: "plan", label: "Plan", type: "choice", choices: ["free", "pro"] },
    { key: "age", label: "Age", type: "number", choices: [] },
  ]),
  catalog: {
    message: [{ id: "msg_1", name: 'The "Invite"' }],
    journey: [{ id: "jrn_1", name: "Welcome" }],
    event: [{ id: "evt_1", name: "Open day" }],
    topic: [{ id: "top_1", name: "News" }],
    segment: [{ id: "seg_1", name: "VIP" }],
  },
} as const;

const offered = (text: string) => completeText(text, text.length, schema).options.map(({ label }) => label);

describe("what is offered after", () => {
  const examples: readonly [string, string][] = [
    ["", "city"],
    ["ci", "clicked("],
    ['city = "Bonn" ', "and"],
    ['city = "Bonn" and not ', "mailable"],
    ["age ", "between"],
    ["created_at ", "in last 30 days"],
    ['plan = "', "pro"],
    ['plan has any ("free", "', "pro"],
    ['clicked("', 'The \\"Invite\\"'],
    ['clicked("The (x", journey "', "Welcome"],
    ['registered("', "Open day"],
    ['subscribed("', "News"],
    ['(city = "(" or in_segment("', "VIP"],
    ['in_journey("', "Welcome"],
    ['clicked("The \\"Invite\\"", ', "last 30 days"],
    ["(", "everyone"],
  ];
  test.each(examples)("%s", (text, label) => {
    expect(offered(text)).toContain(label);
  });
});

test("what was begun is replaced from its beginning", () => {
  expect(completeText('city = "Bonn" and cli', 21, schema).from).toBe(18);
  expect(completeText('opened("Th', 10, schema).from).toBe(8);
});
