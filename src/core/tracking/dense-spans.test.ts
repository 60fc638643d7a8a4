import fc from "fast-check";
import { expect, test } from "vitest";
import { denseSpans, mostAt } from "./dense-spans.ts";

const entries = fc.array(
  fc.record({ key: fc.integer({ min: 1, max: 6 }), at: fc.integer({ min: 0, max: 60 }) }),
  {
    maxLength: 40,
  },
);

/** As the rule reads: some window of that width holds this moment and enough different keys. */
function isDense(
  all: readonly { key: number; at: number }[],
  at: number,
  width: number,
  least: number,
): boolean {
  return all.some(({ at: from }) => {
    const inside = all.filter((entry) => entry.at >= from && entry.at <= from + width);
    const last = Math.max(...inside.map((entry) => entry.at));
    return from <= at && at <= last && new Set(inside.map(({ key }) => key)).size >= least;
  });
}

test("[T26] [T53] an entry is in a span exactly if a window around it holds enough different keys", () => {
  fc.assert(
    fc.property(
      entries,
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 2, max: 5 }),
      (all, width, least) => {
        const spans = denseSpans(all, width, least);
        for (const { at } of all) expect(mostAt(spans, at) >= least).toBe(isDense(all, at, width, least));
      },
    ),
    { numRuns: 400 },
  );
});

test("a hundred thousand entries take one walk", () => {
  const all = Array.from({ length: 100_000 }, (_, place) => ({ key: place % 1000, at: place }));
  const before = process.cpuUsage();
  expect(denseSpans(all, 60_000, 50)).toEqual([{ from: 0, to: 99_999, most: 1000 }]);
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
});
