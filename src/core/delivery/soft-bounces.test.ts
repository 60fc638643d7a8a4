import fc from "fast-check";
import { expect, test } from "vitest";
import { countSoftBounce, type SoftStanding, usualSoftBouncePolicy } from "./soft-bounces.ts";

const nothing: SoftStanding = { deliveryIds: [], occurrences: 0 };

test("[D52] five in a row suppress, for longer each time, and the last term holds for ever after", () => {
  let standing = nothing;
  const terms: number[] = [];
  for (let id = 1; id <= 30; id++) {
    const counted = countSoftBounce(
      standing,
      { deliveryId: String(id), isAfterGoodNews: false },
      usualSoftBouncePolicy,
    );
    standing = counted.standing;
    if (counted.suppressForDays !== undefined) terms.push(counted.suppressForDays);
  }
  expect(terms).toEqual([7, 14, 30, 180, 180, 180]);
});

test("[D52] whatever happens, it does what counting by hand does", () => {
  const happening = fc.record({ delivery: fc.nat(12), good: fc.boolean() });
  const policy = fc.record({
    inARow: fc.integer({ min: 2, max: 6 }),
    termsDays: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }),
    settledAfterDays: fc.constant(3),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 80 }), policy, (happenings, rules) => {
      let standing = nothing;
      let row: number[] = [];
      let fullRows = 0;
      for (const { delivery, good } of happenings) {
        const counted = countSoftBounce(
          standing,
          { deliveryId: String(delivery), isAfterGoodNews: good },
          rules,
        );
        let expected: number | undefined;
        if (!row.includes(delivery)) {
          if (good || row.length === rules.inARow) row = [];
          row.push(delivery);
          if (row.length === rules.inARow) {
            expected = rules.termsDays[fullRows] ?? rules.termsDays.at(-1);
            fullRows++;
          }
        }
        expect(counted.suppressForDays).toBe(expected);
        expect(counted.standing).toEqual({ deliveryIds: row.map(String), occurrences: fullRows });
        standing = counted.standing;
      }
    }),
  );
});
