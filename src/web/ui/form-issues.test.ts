import { expect, test } from "vitest";
import { issueOf, issuesOf, strayIssues } from "./form-issues.ts";

const issues = [
  { path: "email", message: "This is not an email address." },
  { path: "tags.0", message: "Too long." },
  { path: "tags.3", message: "Too long." },
  { path: "", message: "Nothing to change." },
];

test("an issue shows at its field, also from deeper inside it, once", () => {
  expect(issueOf(issues, "email")).toBe("This is not an email address.");
  expect(issueOf(issues, "tags")).toBe("Too long.");
  expect(issueOf(issues, "tag")).toBeUndefined();
});

test("an issue of no field is not lost", () => {
  expect(strayIssues(issues, ["email", "tags"])).toEqual([{ path: "", message: "Nothing to change." }]);
});

test("a refusal that belongs to a field is shown there, in its most exact words", () => {
  const weak = { code: "password-weak", title: "Too easy.", help: "See facts.", facts: {}, issues: [] };
  const fields = { "password-weak": "password" };
  expect(issuesOf(weak, fields)).toEqual([{ path: "password", message: "Too easy. See facts." }]);
  expect(issuesOf({ ...weak, facts: { problem: "Use 10 characters." } }, fields)).toEqual([
    { path: "password", message: "Use 10 characters." },
  ]);
  expect(issuesOf(weak, {})).toEqual([]);
});

test("what the server found wrong with values is read from its facts", () => {
  const refusal = { code: "values", title: "No.", help: "Correct.", issues: [] };
  const problems = ["One column must be the address.", { field: "attributes.age", problem: "Not a number." }];
  expect(issuesOf({ ...refusal, facts: { problems } }, {})).toEqual([
    { path: "", message: "One column must be the address." },
    { path: "attributes.age", message: "Not a number." },
  ]);
  expect(issuesOf({ ...refusal, facts: { problems: { language: "Not a language." } } }, {})).toEqual([
    { path: "language", message: "Not a language." },
  ]);
});
