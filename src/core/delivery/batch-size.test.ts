import { expect, test } from "vitest";
import { firstBatchSize, nextBatchSize } from "./batch-size.ts";

test("[D22] a slow road gets a second's worth, a fast one grows to the most there is", () => {
  expect(nextBatchSize(firstBatchSize, 25_000, 100)).toBe(1);
  expect(nextBatchSize(1, 60_000, 100)).toBe(1);
  expect(nextBatchSize(firstBatchSize, 10, 100)).toBe(50);
  expect(nextBatchSize(80, 10, 100)).toBe(100);
  expect(nextBatchSize(100, 700, 100)).toBe(100);
});
