import { expect, test } from "vitest";
import { newPace, suggestions, toPaceBody, toPaceValues } from "./pace-values.ts";

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
