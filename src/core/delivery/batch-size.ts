/**
 * [D22] How many deliveries the next batch of a road should have: about a second's worth by what the last one took, so that whoever
 * comes next, and a stop, never waits for long. It grows to `most` quickly where the road is fast.
 */
export function nextBatchSize(size: number, tookMilliseconds: number, most: number): number {
  if (tookMilliseconds > 1000) return Math.max(1, Math.floor((size * 1000) / tookMilliseconds));
  if (tookMilliseconds < 500) return Math.min(most, size * 2);
  return Math.min(most, size);
}

/** Where a road whose speed is not known begins. */
export const firstBatchSize = 25;
