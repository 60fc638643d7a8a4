import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, dayAt, startOfDay } from "./day.ts";

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/Havana",
  "Asia/Beirut",
  "Asia/Kolkata",
  "Pacific/Apia",
  "America/Sao_Paulo",
];

test.each([
  ["Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00.000Z"],
  ["Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00.000Z"],
  ["Asia/Kolkata", "2026-01-01", "2025-12-31T18:30:00.000Z"],
  ["America/New_York", "2026-11-01", "2026-11-01T04:00:00.000Z"],
  // Clocks go from 23:59:59 to 01:00: the day begins at one.
  ["Asia/Beirut", "2024-03-31", "2024-03-30T22:00:00.000Z"],
  ["America/Havana", "2025-03-09", "2025-03-09T05:00:00.000Z"],
  // Clocks go back from 01:00 to 00:00: the day begins at the first of the two midnights.
  ["America/Havana", "2025-11-02", "2025-11-02T04:00:00.000Z"],
])("in %s the day %s begins at %s", (zone, day, moment) => {
  expect(startOfDay(day, zone).toISOString()).toBe(moment);
});

test("the first moment of a day is in it, and the moment before is in the day before", () => {
  const anyDay = fc.integer({ min: 0, max: 365 * 80 }).map((days) => addDays("1970-01-01", days));
  fc.assert(
    fc.property(fc.constantFrom(...zones), anyDay, (zone, day) => {
      // Samoa left out this day when it moved over the date line.
      fc.pre(!(zone === "Pacific/Apia" && day === "2011-12-30"));
      const start = startOfDay(day, zone);
      expect(dayAt(start, zone)).toBe(day);
      expect(dayAt(new Date(start.getTime() - 1), zone) < day).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("days are added over the ends of months and years", () => {
  expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
  expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
});
