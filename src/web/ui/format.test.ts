import { expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDateTime,
  formatDuration,
  formatNumber,
  formatRelative,
  formatShare,
} from "./format.ts";

const english = { locale: "en-GB", timeZone: "Europe/Madrid" };

test("numbers are grouped and counts agree with their noun", () => {
  expect(formatNumber(1_234_567, english)).toBe("1,234,567");
  expect(formatCount(1, "contact", undefined, english)).toBe("1 contact");
  expect(formatCount(1204, "contact", undefined, english)).toBe("1,204 contacts");
  expect(formatCount(2, "journey", "journeys", english)).toBe("2 journeys");
});

test("a share of nothing is a dash, not zero", () => {
  expect(formatShare(0.4132, english)).toBe("41.3%");
  expect(formatShare(0, english)).toBe("0%");
  expect(formatShare(undefined)).toBe("–");
  expect(formatShare(0 / 0)).toBe("–");
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_500, "1.5 kB"],
  [84_000_000, "84 MB"],
  [250_400_000, "250 MB"],
])("%i bytes are %s", (bytes, words) => {
  expect(formatBytes(bytes, english)).toBe(words);
});

test.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [180, "3 min"],
  [7_500, "2 h 5 min"],
  [3_600, "1 h"],
  [100_000, "1 d 3 h"],
])("%d seconds are %s", (seconds, words) => {
  expect(formatDuration(seconds)).toBe(words);
});

test("a time is shown in the reader's zone", () => {
  expect(formatDateTime("2026-11-23T15:04:00Z", english)).toBe("23 Nov 2026, 16:04");
});

test("a time is told relative to now for a month, then as a date", () => {
  const now = Date.parse("2026-11-23T15:00:00Z");
  expect(formatRelative("2026-11-23T14:57:00Z", now, english)).toBe("3 minutes ago");
  expect(formatRelative("2026-11-23T15:00:10Z", now, english)).toBe("now");
  expect(formatRelative("2026-11-25T15:00:00Z", now, english)).toBe("in 2 days");
  expect(formatRelative("2026-01-02T15:00:00Z", now, english)).toBe("2 Jan 2026");
});
