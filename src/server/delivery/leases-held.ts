import { performance } from "node:perf_hooks";
import type { Database } from "../platform/index.ts";
import { leaseSeconds, renewLeases } from "./lease-chunk.ts";

/**
 * [D9] What this process surely still holds. Kept by a clock that never jumps and counted from before each request, so that a
 * process that was stopped or cut off knows by itself that its time is over.
 */
export type LeasesHeld = {
  /** To be called before a lease is asked for; the returned function notes what was given. */
  readonly asking: () => (ids: readonly string[]) => void;
  readonly release: (id: string) => void;
  /** True while an answer can still be waited for and written down. */
  readonly holds: (id: string) => boolean;
  readonly stop: () => void;
};

const heartbeatMilliseconds = 15_000;
const marginMilliseconds = 20_000;

/** Starts keeping leases alive under this owner's name. */
export function keepLeases(db: Database, owner: string): LeasesHeld {
  const until = new Map<string, number>();
  const asking = () => {
    const asked = performance.now();
    return (ids: readonly string[]) => {
      for (const id of ids) until.set(id, asked + leaseSeconds * 1000);
    };
  };
  const beat = async () => {
    const note = asking();
    const before = [...until.keys()];
    const mine = await renewLeases(db, owner);
    note(before.filter((id) => mine.has(id) && until.has(id)));
    for (const id of before) if (!mine.has(id)) until.delete(id);
  };
  // While the database is away nothing is renewed, and what is held runs out by itself.
  const timer = setInterval(() => void beat().catch(() => undefined), heartbeatMilliseconds);
  return {
    asking,
    release: (id) => void until.delete(id),
    holds: (id) => performance.now() < (until.get(id) ?? 0) - marginMilliseconds,
    stop: () => clearInterval(timer),
  };
}
