import { expect, test } from "vitest";
import { newPace, paceWords, suggestions, toPaceBody, toPaceValues } from "./pace-values.ts";

const stored = { name: "Gmail", domains: ["gmail.com", "googlemail.com"], messages: 500, perSeconds: 3600 };

test("[D25] paces survive being edited, and what is there already is not suggested", () => {
  const values = toPaceValues([stored]);
  expect(toPaceBody(values)).toEqual({ items: [stored] });
  expect(suggestions(values)).not.toContain("Gmail");
  expect(toPaceBody([newPace("Gmail")]).items[0]?.domains).toEqual(stored.domains);
  expect(
    toPaceBody([{ ...newPace(""), name: "x", domains: " a.test,  b.test; " }]).items[0]?.domains,
  ).toEqual(["a.test", "b.test"]);
});

test("a rate is said in the unit that needs no fractions of a message", () => {
  expect([1200, 2.49, 0.5, 1 / 60, 0.001].map(paceWords)).toEqual([
    "1,200 a second",
    "2.5 a second",
    "30 a minute",
    "1 a minute",
    "3.6 an hour",
  ]);
});
