import { expect, test } from "vitest";
import { placeOf } from "./places.ts";

test("a page belongs to the place that its address starts with", () => {
  expect(placeOf("/")).toBe("/");
  expect(placeOf("/contacts/cnt_1")).toBe("/contacts");
  expect(placeOf("/settings/api-keys")).toBe("/settings");
  expect(placeOf("/contactsheet")).toBe("");
  expect(placeOf("/sign-in")).toBe("");
});
