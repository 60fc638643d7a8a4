import { expect, test } from "vitest";
import { issueOf, strayIssues } from "./form-issues.ts";

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
