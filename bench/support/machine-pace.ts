import type { Figure } from "./report.ts";

const bytes = 40_000;
const from = new Uint8Array(bytes).fill(65);
const to = new Uint8Array(bytes);

/** One fixed piece of work: copies 40,000 bytes one by one and counts the line ends among them. */
function piece(): number {
  let found = 0;
  for (let at = 0; at < bytes; at++) {
    const byte = from[at] ?? 0;
    if (byte === 13) found++;
    to[at] = byte;
  }
  return found;
}

function measureOnce(): number {
  const pieces = 2000;
  const start = performance.now();
  for (let n = 0; n < pieces; n++) piece();
  return ((performance.now() - start) * 1000) / pieces;
}

/**
 * How fast a core is just now: microseconds for a fixed piece of work, the median of several rounds after some in which it is
 * compiled. On machines that share their cores with others it changes by a factor of two from minute to minute, and every other
 * figure with it.
 */
export function measurePace(): number {
  for (let round = 0; round < 10; round++) measureOnce();
  return Array.from({ length: 7 }, measureOnce).toSorted((a, b) => a - b)[3] ?? Number.NaN;
}

export function paceFigures(before: number, after: number): Figure[] {
  const note = "a loop over 40,000 bytes: what a core could do at that time";
  return [
    { name: "pace of the machine, before", value: before, unit: "µs", note },
    { name: "pace of the machine, after", value: after, unit: "µs" },
  ];
}
