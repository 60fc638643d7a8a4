import { expect, test } from "vitest";
import { ticksOf } from "./process-cost.ts";
import { type Sample, stretchOf } from "./sampler.ts";

/** After a slow second, 100 pieces a second at 20 µs each, and a slow last one. */
const samples: readonly Sample[] = [0, 10, 110, 210, 310, 410, 420].map((done, second) => ({
  at: second * 1000,
  done,
  cpu: { sender: 5000 + done * 20 },
  memory: { all: 100 + second, largest: 50 + second },
}));

test("the steady middle leaves out the beginning and the end", () => {
  expect(stretchOf(samples, 420, [0.1, 0.9])).toEqual({
    perSecond: 100,
    cpuPerPiece: { sender: 20 },
    memory: { all: 103, largest: 53 },
  });
});

test("without two samples in it there is no stretch", () => {
  expect(stretchOf(samples, 420, [0.3, 0.4])).toBeUndefined();
  expect(stretchOf([], 420, [0.1, 0.9])).toBeUndefined();
});

test("processor time is read behind a name with spaces and brackets, children included", () => {
  const stat = "12 (a (b) c) S 1 12 12 0 -1 4194560 100 0 0 0 7 5 3 2 20 0 1 0 1234";
  expect(ticksOf(stat)).toBe(17);
});
