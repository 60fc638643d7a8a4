import { expect, test } from "vitest";
import { nextAttemptAt, roadPauseMilliseconds } from "./back-off.ts";

const now = new Date("2026-03-01T12:00:00Z");
const minutesAt = (attempts: number, random: number) =>
  (nextAttemptAt(attempts, now, random).getTime() - now.getTime()) / 60_000;

test("[D15] waits grow from a minute to an hour and stay there", () => {
  expect([1, 2, 3, 4, 5, 6, 70].map((attempts) => Math.round(minutesAt(attempts, 0.5)))).toEqual([
    1, 5, 15, 30, 60, 60, 60,
  ]);
});

test("[D15] chance spreads them by a fifth", () => {
  expect(minutesAt(5, 0)).toBeCloseTo(48);
  expect(minutesAt(5, 0.9999)).toBeCloseTo(72, 1);
});

test("[D12] a broken road is tried again within five minutes however long it is broken", () => {
  expect(roadPauseMilliseconds(1, 0.5)).toBe(5000);
  expect(roadPauseMilliseconds(1000, 0.5)).toBe(300_000);
});
