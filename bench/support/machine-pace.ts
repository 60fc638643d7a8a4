import { hash } from "node:crypto";
import type { Figure } from "./report.ts";

const bytes = Buffer.alloc(40_000, "x");

function measureOnce(): number {
  const pieces = 1000;
  const start = performance.now();
  for (let n = 0; n < pieces; n++) hash("sha256", bytes);
  return ((performance.now() - start) * 1000) / pieces;
}

/**
 * How fast a core is just now: microseconds for a fixed piece of native work, the median of several rounds. On machines that share their cores with others it changes by a factor of two from minute to minute, and every other
 * figure with it.
 */
export function measurePace(): number {
  return Array.from({ length: 7 }, measureOnce).toSorted((a, b) => a - b)[3] ?? Number.NaN;
}

export function paceFigures(before: number, after: number): Figure[] {
  const note = "SHA-256 over 40,000 bytes: what a core could do at that time";
  return [
    { name: "pace of the machine, before", value: before, unit: "µs", note },
    { name: "pace of the machine, after", value: after, unit: "µs" },
  ];
}
