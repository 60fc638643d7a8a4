import { setTimeout as pause } from "node:timers/promises";
import { costOf } from "./process-cost.ts";

/** Processor time of one part so far, in microseconds; resident memory in megabytes. */
export type Sample = {
  /** Milliseconds by the clock of this process. */
  readonly at: number;
  readonly done: number;
  readonly cpu: Readonly<Record<string, number>>;
  /** All processes of the measured part together, and the largest of them. */
  readonly memory: { readonly all: number; readonly largest: number };
};

export type Sampler = {
  readonly samples: readonly Sample[];
  readonly stop: () => Promise<void>;
};

const everyMilliseconds = 200;

/**
 * Looks at what is done and what it cost, five times a second. `parts` are the processes whose time is added up under a name;
 * memory is that of the part `watched`.
 */
export function startSampler(
  parts: Readonly<Record<string, readonly number[]>>,
  watched: string,
  done: () => Promise<number>,
): Sampler {
  const samples: Sample[] = [];
  const stopping = new AbortController();
  const run = async () => {
    for (;;) {
      samples.push(look(parts, watched, await done()));
      if (stopping.signal.aborted) return;
      await pause(everyMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    samples,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function look(parts: Readonly<Record<string, readonly number[]>>, watched: string, done: number): Sample {
  const costs = Object.entries(parts).map(([name, pids]) => [name, pids.map(costOf)] as const);
  const resident = (costs.find(([name]) => name === watched)?.[1] ?? []).flatMap(
    (cost) => cost.residentMegabytes,
  );
  return {
    at: performance.now(),
    done,
    cpu: Object.fromEntries(
      costs.map(([name, each]) => [
        name,
        each.reduce((sum, { cpuMicroseconds }) => sum + cpuMicroseconds, 0),
      ]),
    ),
    memory: { all: resident.reduce((sum, each) => sum + each, 0), largest: Math.max(0, ...resident) },
  };
}

/** A stretch of the run: how fast it went and what one piece of work cost each part. */
export type Stretch = {
  readonly perSecond: number;
  readonly cpuPerPiece: Readonly<Record<string, number>>;
  readonly memory: Sample["memory"];
};

/** The stretch between two shares of the work, for instance from 0.1 to 0.9: the steady middle. Undefined if too few samples lie in it. */
export function stretchOf(
  samples: readonly Sample[],
  total: number,
  [from, to]: readonly [number, number],
): Stretch | undefined {
  const within = samples.filter(({ done }) => done > 0 && done >= total * from && done <= total * to);
  const first = within[0];
  const last = within.at(-1);
  if (!first || !last || last.done === first.done) return undefined;
  const pieces = last.done - first.done;
  const middle = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return {
    perSecond: (pieces / (last.at - first.at)) * 1000,
    cpuPerPiece: Object.fromEntries(
      Object.entries(last.cpu).map(([name, used]) => [name, (used - (first.cpu[name] ?? 0)) / pieces]),
    ),
    memory: {
      all: middle(within.map(({ memory }) => memory.all)),
      largest: middle(within.map(({ memory }) => memory.largest)),
    },
  };
}
