import { expect, test } from "vitest";
import { linesOf } from "./lines-of.ts";

test("lines are tidied, and empty ones left out; commas end lines too", () => {
  expect(linesOf(" 192.0.2.0/24\r\n\n2001:db8::/32, 198.51.100.7 \n")).toEqual([
    "192.0.2.0/24",
    "2001:db8::/32",
    "198.51.100.7",
  ]);
});
