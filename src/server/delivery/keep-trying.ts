import { setTimeout as sleep } from "node:timers/promises";
import { type Log, watchOutage } from "../platform/index.ts";

/** Repeats what must be written down before this process may forget it; gives up only when the lease has run out anyway. */
export async function keepTrying(log: Log, work: () => Promise<void>): Promise<void> {
  const outage = watchOutage(log, {
    failing: "a lease could not be ended yet",
    over: "a lease could be ended after all",
  });
  for (let tries = 1; ; tries++) {
    try {
      await work();
      outage.over();
      return;
    } catch (error) {
      outage.met(error);
      if (tries >= 120) return;
      await sleep(500);
    }
  }
}
