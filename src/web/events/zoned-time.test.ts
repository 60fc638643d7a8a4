import { expect, test } from "vitest";
import { fromLocalInput, toLocalInput } from "./zoned-time.ts";

test("a local time means what the clock on the wall there says", () => {
  expect(fromLocalInput("2026-04-01T18:00", "Europe/Zurich")).toBe("2026-04-01T16:00:00.000Z");
  expect(fromLocalInput("2026-01-01T00:30", "Asia/Kathmandu")).toBe("2025-12-31T18:45:00.000Z");
  expect(fromLocalInput("2026-07-04T09:00", "America/New_York")).toBe("2026-07-04T13:00:00.000Z");
});

test("what was read back is what was written, also around changes of the clock", () => {
  for (const zone of ["Europe/Zurich", "America/New_York", "Pacific/Apia", "Asia/Kathmandu", "UTC"])
    for (let hour = 0; hour < 24 * 366; hour += 37) {
      const at = new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
      const local = toLocalInput(at, zone);
      expect(toLocalInput(fromLocalInput(local, zone) ?? "", zone)).toBe(local);
    }
});

test("a time that comes twice is the first, one that is left out is moved on, nonsense is nothing", () => {
  expect(fromLocalInput("2026-10-25T02:30", "Europe/Zurich")).toBe("2026-10-25T00:30:00.000Z");
  expect(fromLocalInput("2026-03-29T02:30", "Europe/Zurich")).toBe("2026-03-29T01:30:00.000Z");
  expect(fromLocalInput("", "Europe/Zurich")).toBeUndefined();
  expect(fromLocalInput("2026-13-40T00:00", "Europe/Zurich")).toBeUndefined();
});
