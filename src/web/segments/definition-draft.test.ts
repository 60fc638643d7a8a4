import { expect, test } from "vitest";
import { allFields } from "#core/segments/field.ts";
import { draftOf, isComplete, problemsByRule, withText } from "./definition-draft.ts";

const schema = {
  fields: allFields([]),
  catalog: { message: [], journey: [], event: [], topic: [], segment: [] },
};
const everyone = draftOf({ kind: "all", of: [] }, schema);

test("a text that can be read becomes the condition", () => {
  const draft = withText(everyone, 'city = "Bonn"', schema);
  expect(draft.condition).toEqual({
    kind: "attribute",
    field: "city",
    test: { operator: "equals", value: "Bonn" },
  });
  expect(isComplete(draft, schema)).toBe(true);
});

test("a text with a problem keeps the condition from before, and says where", () => {
  const draft = withText(withText(everyone, "mailable", schema), "mailable and", schema);
  expect(draft.condition).toEqual({ kind: "mailable" });
  expect(draft.textProblems).toMatchObject([{ line: 1, column: 13 }]);
  expect(isComplete(draft, schema)).toBe(false);
});

test("a rule that is not filled in, or about a field that is gone, is named", () => {
  const unfilled = { kind: "attribute", field: "city", test: { operator: "equals", value: "" } } as const;
  const gone = { kind: "attribute", field: "cityy", test: { operator: "is-empty" } } as const;
  const problems = problemsByRule(
    { kind: "any", of: [unfilled, { kind: "not", of: gone }, { kind: "mailable" }] },
    schema,
  );
  expect([...problems]).toEqual([
    [unfilled, "Fill in what is missing."],
    [gone, "Contacts have no field cityy. Did you mean city?"],
  ]);
});
