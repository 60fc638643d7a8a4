import { expect, test } from "vitest";
import { addressesIn } from "./addresses-in.ts";

test("addresses are found in text pasted from anywhere, each once", () => {
  expect(addressesIn("ana@example.org\n bo@example.org; cy@example.org, ana@example.org\n\n")).toEqual([
    "ana@example.org",
    "bo@example.org",
    "cy@example.org",
  ]);
  expect(addressesIn("  ")).toEqual([]);
});
