import { readFileSync } from "node:fs";

/** What a process and everything it started cost so far. */
export type ProcessCost = {
  readonly cpuMicroseconds: number;
  /** Resident memory of each living process, the first one's first. */
  readonly residentMegabytes: readonly number[];
};

/** The kernel counts processor time in ticks of 1/100 s. */
const microsecondsPerTick = 10_000;
const megabytesPerPage = 4096 / 2 ** 20;

/**
 * Adds up a process, its living descendants, and those that ended and were waited for. Linux only: elsewhere everything is 0.
 * The resident memory of PostgreSQL counts shared pages once per process; it is told for other programs only.
 */
export function costOf(pid: number): ProcessCost {
  const tree = [pid, ...descendantsOf(pid)];
  return {
    cpuMicroseconds:
      tree.reduce((sum, each) => sum + ticksOf(read(`/proc/${each}/stat`)), 0) * microsecondsPerTick,
    residentMegabytes: tree.map(
      (each) => Number(read(`/proc/${each}/statm`).split(" ")[1] ?? 0) * megabytesPerPage,
    ),
  };
}

function descendantsOf(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim();
  return children === ""
    ? []
    : children.split(" ").flatMap((child) => [Number(child), ...descendantsOf(Number(child))]);
}

/** User and system time of a process and of its children that were waited for: fields 14 to 17 of its stat. */
export function ticksOf(stat: string): number {
  // The second field, the name in brackets, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it ended meanwhile, or this is not Linux
  }
}
