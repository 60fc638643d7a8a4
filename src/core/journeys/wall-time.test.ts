import { expect, test } from "vitest";
import { momentOf, wallTimeAt } from "./wall-time.ts";

test.each([
  ["2026-01-15T09:00", "Europe/Berlin", "2026-01-15T08:00:00.000Z"],
  ["2026-07-15T09:00", "Europe/Berlin", "2026-07-15T07:00:00.000Z"],
  ["2026-07-15T09:30", "Asia/Kolkata", "2026-07-15T04:00:00.000Z"],
  ["2026-12-31T23:59", "America/New_York", "2027-01-01T04:59:00.000Z"],
])("%s on the wall of %s is %s", (wall, zone, instant) => {
  expect(momentOf(wall, zone)?.toISOString()).toBe(instant);
  expect(wallTimeAt(new Date(instant), zone)).toBe(wall);
});

test("F-43: a time that clocks skip in spring is as much later as they jump", () => {
  expect(momentOf("2026-03-29T02:30", "Europe/Berlin")?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
});

test("F-43: a time that comes twice in autumn is the first of the two", () => {
  expect(momentOf("2026-10-25T02:30", "Europe/Berlin")?.toISOString()).toBe("2026-10-25T00:30:00.000Z");
});

test("what is no wall time has no moment", () => {
  expect(momentOf("tomorrow", "Europe/Berlin")).toBeUndefined();
  expect(momentOf("", "Europe/Berlin")).toBeUndefined();
});
