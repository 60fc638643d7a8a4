import { expect, test } from "vitest";
import { paths, safeNext, signInLeadingTo } from "./paths.ts";

test("a path is the pattern of its route when it is given the name of its parameter", () => {
  expect(paths.contact({ id: "$id" })).toBe("/contacts/$id");
  expect(paths.contact({ id: "cnt_12" })).toBe("/contacts/cnt_12");
});

test("no two pages share an address", () => {
  const patterns = Object.values(paths).map((path) => path({ id: "$id" }));
  expect(new Set(patterns).size).toBe(patterns.length);
});

test("signing in leads back to where one was, but never to another site", () => {
  expect(signInLeadingTo("/contacts?q=ana")).toBe("/sign-in?next=%2Fcontacts%3Fq%3Dana");
  expect(signInLeadingTo("/")).toBe("/sign-in");
  expect(safeNext("/contacts")).toBe("/contacts");
  for (const foreign of ["//evil.example", "/\\evil.example", "https://evil.example", "", undefined])
    expect(safeNext(foreign)).toBe("/");
});
