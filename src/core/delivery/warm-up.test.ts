import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changeWarmUp, dayLimit, type WarmUp, warmUpDay, warmUpPlans } from "./warm-up.ts";

const day = 86_400_000;
const start = Date.parse("2026-03-01T00:00:00Z");
const normal: WarmUp = { plan: "normal", ceilings: [], startsOn: "2026-03-01", pausedOn: null };

describe("[D24] warm-up", () => {
  test("built-in plans never shrink and at most triple from one day to the next", () => {
    for (const days of Object.values(warmUpPlans))
      days.forEach((ceiling, index) => {
        const before = days[index - 1] ?? ceiling;
        expect(ceiling).toBeGreaterThanOrEqual(before);
        expect(ceiling).toBeLessThanOrEqual(before * 3);
      });
  });

  test("the first day holds before it begins, each day has its own, and after the last there is none", () => {
    const custom: WarmUp = { ...normal, plan: "custom", ceilings: [10, 20] };
    const at = (days: number) => warmUpDay(custom, start + days * day);
    expect([at(-5), at(0), at(0.99), at(1), at(2)]).toEqual([
      { day: 1, ceiling: 10 },
      { day: 1, ceiling: 10 },
      { day: 1, ceiling: 10 },
      { day: 2, ceiling: 20 },
      undefined,
    ]);
  });

  test("what may leave in a day never exceeds the limit or the plan, and never shrinks with time", () => {
    const limit = fc.option(fc.integer({ min: 1, max: 500_000 }));
    const times = fc.tuple(fc.integer({ min: -5, max: 40 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(limit, times, fc.constantFrom("gentle", "normal", "fast"), (most, [from, more], plan) => {
        const warmUp: WarmUp = { ...normal, plan };
        const early = dayLimit(most, warmUp, start + from * day) ?? Number.POSITIVE_INFINITY;
        const late = dayLimit(most, warmUp, start + (from + more) * day) ?? Number.POSITIVE_INFINITY;
        expect(early).toBeLessThanOrEqual(most ?? Number.POSITIVE_INFINITY);
        expect(early).toBeLessThanOrEqual(warmUpDay(warmUp, start + from * day)?.ceiling ?? early);
        expect(late).toBeGreaterThanOrEqual(early);
      }),
    );
  });

  test("a pause keeps the day, however long it is, and going on goes on there", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 100 }), (before, pause) => {
        const { pausedOn: _, ...wanted } = normal;
        const begun = warmUpDay(normal, start + before * day);
        const paused = changeWarmUp(normal, { ...wanted, isPaused: true }, start + before * day);
        const later = start + (before + pause) * day;
        expect(warmUpDay(paused, later)).toEqual(begun);
        const resumed = changeWarmUp(paused, { ...wanted, isPaused: false }, later);
        expect(warmUpDay(resumed, later)).toEqual(begun);
        expect(warmUpDay(resumed, later + day)?.day).toBe((begun?.day ?? 0) + 1);
      }),
    );
  });

  test("without a warm-up the limit is what it was", () => {
    expect([dayLimit(5, null, start), dayLimit(null, null, start)]).toEqual([5, null]);
  });
});
