import fc from "fast-check";
import { expect, test } from "vitest";
import { grantOf, type UsedMinute } from "./route-limits.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = 1_700_000_040_000;

test("[D23] no stretch of an hour or a day ever has more than its limit, and what rests goes on when it said", () => {
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 3 * hour }),
    wanted: fc.integer({ min: 1, max: 60 }),
    isTransactional: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const limits = { perHour: 100, perDay: 300 };
      const used = new Map<number, number>();
      const sent: { at: number; count: number }[] = [];
      let now = start;
      for (const { wait, wanted, isTransactional } of steps) {
        now += wait;
        const minutes = (): UsedMinute[] => [...used].map(([at, count]) => ({ minute: at, sent: count }));
        const { granted, rest } = grantOf(limits, minutes(), now, wanted, isTransactional);
        if (rest) {
          expect(rest.until).toBeGreaterThan(now);
          expect(grantOf(limits, minutes(), rest.until, 1, isTransactional).granted).toBe(1);
        }
        const bucket = Math.floor(now / minute) * minute;
        used.set(bucket, (used.get(bucket) ?? 0) + granted);
        sent.push({ at: now, count: granted });
        const within = (length: number) =>
          sent.filter(({ at }) => at > now - length).reduce((sum, { count }) => sum + count, 0);
        expect(within(hour)).toBeLessThanOrEqual(100);
        expect(within(24 * hour)).toBeLessThanOrEqual(300);
      }
    }),
  );
});

test("[D23] the last twentieth is kept for transactional mail", () => {
  const used = [{ minute: start, sent: 95 }];
  const limits = { perHour: 100, perDay: null };
  expect(grantOf(limits, used, start, 10, false)).toEqual({
    granted: 0,
    rest: { window: "hour", limit: 100, used: 95, until: start + minute + hour },
  });
  expect(grantOf(limits, used, start, 10, true).granted).toBe(5);
});

test("[D23] a route without limits gives what is wanted", () => {
  expect(grantOf({ perHour: null, perDay: null }, [], start, 100, false)).toEqual({
    granted: 100,
    rest: null,
  });
});
