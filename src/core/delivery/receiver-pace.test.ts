import fc from "fast-check";
import { expect, test } from "vitest";
import { reservePlaces } from "./domain-pace.ts";
import {
  earlier,
  rateAt,
  recoversAt,
  recoveryMilliseconds,
  type Slowdown,
  settleMilliseconds,
  slowDown,
  temporaryPace,
} from "./receiver-pace.ts";

const limits = fc.double({ min: 0.001, max: 10_000, noNaN: true });
const gaps = fc.array(fc.integer({ min: 0, max: 2 * recoveryMilliseconds }), { minLength: 1, maxLength: 30 });

test("[D111] a word of the receiver halves the pace once, what follows at once counts as the same", () => {
  const first = slowDown(20, null, 1_000_000);
  expect(rateAt(20, first, 1_000_000)).toBe(10);
  expect(slowDown(20, first, 1_000_000 + settleMilliseconds - 1)).toBe(first);
  const again = slowDown(20, first, 1_000_000 + settleMilliseconds);
  expect(again.to).toBeCloseTo(5, 1);
  expect(recoversAt(20, first)).toBe(1_000_000 + recoveryMilliseconds / 2);
});

test("[D111] the pace is never above its limit or nothing, never falls by itself, and always recovers", () => {
  fc.assert(
    fc.property(limits, gaps, (limit, steps) => {
      let slowdown: Slowdown | null = null;
      let now = 1_000_000;
      for (const gap of steps) {
        const before = rateAt(limit, slowdown, now);
        now += gap;
        const grown = rateAt(limit, slowdown, now);
        expect(grown).toBeGreaterThanOrEqual(before);
        const next: Slowdown = slowDown(limit, slowdown, now);
        const rate = rateAt(limit, next, now);
        expect(rate).toBeGreaterThan(0);
        expect(rate).toBeLessThanOrEqual(limit);
        if (next !== slowdown)
          expect(rate).toBeLessThanOrEqual(Math.max(grown / 2, Math.min(limit, 1 / 60)) + 1e-9);
        slowdown = next;
      }
      if (slowdown === null) return;
      const whole = recoversAt(limit, slowdown);
      expect(whole - slowdown.at).toBeLessThanOrEqual(recoveryMilliseconds);
      expect(rateAt(limit, slowdown, whole + 1)).toBeCloseTo(limit, 6);
    }),
  );
});

test("[D111] in no stretch of time is there more than the limit allows, whatever the receiver says", () => {
  const events = fc.array(
    fc.record({
      wait: fc.integer({ min: 0, max: 20_000 }),
      wanted: fc.integer({ min: 0, max: 60 }),
      complains: fc.boolean(),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(events, fc.integer({ min: 1, max: 50 }), (steps, limit) => {
      const left: number[] = [];
      let slowdown: Slowdown | null = null;
      let [now, freeAt] = [1_000_000, 0];
      for (const { wait, wanted, complains } of steps) {
        now += wait;
        if (complains) slowdown = slowDown(limit, slowdown, now);
        const interval = 1000 / rateAt(limit, slowdown, now);
        const places = reservePlaces({ interval, freeAt, tail: null }, wanted, now, "due");
        freeAt = places.freeAt;
        for (let each = 0; each < places.granted; each++) left.push(now);
      }
      for (const from of left)
        for (const length of [1000, 10_000]) {
          const inside = left.filter((at) => at >= from && at <= from + length).length;
          expect(inside).toBeLessThanOrEqual(((length + 1000) * limit) / 1000 + 1 + 1e-6);
        }
    }),
  );
});

test("[D112] a domain without a rule begins at half of what it took and ends at four times that", () => {
  const pace = temporaryPace(10, 5);
  expect(pace).toEqual({ messages: 2400, perSeconds: 60, slowdown: { to: 5, at: 5 } });
  // Nothing taken yet is no reason to stop for good.
  expect(temporaryPace(0, 5).slowdown.to).toBe(0.1);
});

test("[D111] who waits is called up as fast as the pace has grown", () => {
  expect(earlier(20, { to: 10, at: 0 }, 0, 2000)).toBe(21);
  expect(earlier(20, { to: 10, at: 0 }, recoveryMilliseconds, recoveryMilliseconds + 2000)).toBe(40);
});
