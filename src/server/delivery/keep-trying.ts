import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../platform/index.ts";

/** Repeats what must be written down before this process may forget it; gives up only when the lease has run out anyway. */
export async function keepTrying(log: Log, work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      log.error({ reason: String(error) }, "a lease could not be ended yet");
      if (tries >= 120) return;
      await sleep(500);
    }
  }
}
