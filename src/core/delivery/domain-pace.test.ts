import fc from "fast-check";
import { expect, test } from "vitest";
import { reservePlaces } from "./domain-pace.ts";

const batches = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 5000 }),
    wanted: fc.integer({ min: 0, max: 60 }),
    who: fc.constantFrom("new", "due", "urgent"),
  }),
  { maxLength: 40 },
);

test("[D25] no stretch of time has more than its part and a second's worth, and none asked for is forgotten", () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: 20, max: 4000 }), (steps, interval) => {
      const left: number[] = [];
      let [now, freeAt] = [1_000_000, 0];
      let tail: number | null = null;
      for (const { wait, wanted, who } of steps) {
        now += wait;
        if (tail !== null && tail <= now) tail = null;
        const { granted, later, ...rest } = reservePlaces({ interval, freeAt, tail }, wanted, now, who);
        expect(granted + later.length).toBe(wanted);
        if (tail !== null && tail > now + 1000 && who === "new") expect(granted).toBe(0);
        for (const at of later) {
          expect(at).toBeGreaterThan(now + 1000);
          if (tail !== null && who !== "urgent") expect(at - tail).toBeGreaterThanOrEqual(interval - 1e-6);
          tail = Math.max(at, tail ?? 0);
        }
        freeAt = rest.freeAt;
        for (let each = 0; each < granted; each++) left.push(now);
      }
      for (const from of left)
        for (const length of [1000, 10_000]) {
          const inside = left.filter((at) => at >= from && at <= from + length).length;
          expect(inside).toBeLessThanOrEqual((length + 1000) / interval + 1 + 1e-6);
        }
    }),
  );
});
