import { expect, test } from "vitest";
import { daysIn } from "./days-in.ts";

test.each([
  ["7, 14, 30,180", [7, 14, 30, 180]],
  [" 7 ", [7]],
  ["7; 14 30", [7, 14, 30]],
  ["", undefined],
  ["7, soon", undefined],
  ["0", undefined],
  ["1.5", undefined],
  ["-3", undefined],
])("%j is %j", (text, days) => {
  expect(daysIn(text)).toEqual(days);
});
