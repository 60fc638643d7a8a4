import type { Log } from "../platform/index.ts";
import type { RoadLane } from "./road-lane.ts";
import type { RouteTraffic } from "./route-traffic.ts";
import { type RetryHost, workRetries } from "./work-retries.ts";

/** What working on retries needs beside what carries them. */
export type RetryShop = Omit<RetryHost, "carried" | "paces" | "pace" | "unpace"> & {
  readonly log: Log;
  readonly traffic: RouteTraffic;
  /** Called when some were taken, since there may be more. */
  readonly more: () => void;
};

/** Works on the retries of each lane beside the rounds of its sender, so that a slow route holds up no other. */
export class RetryLanes {
  readonly #shop: RetryShop;
  readonly #working = new Map<RoadLane, Promise<void>>();

  constructor(shop: RetryShop) {
    this.#shop = shop;
  }

  workOn(lane: RoadLane): void {
    if (this.#working.has(lane)) return;
    this.#working.set(
      lane,
      this.#work(lane).finally(() => this.#working.delete(lane)),
    );
  }

  /** Resolves when nothing is worked on any more. */
  async finished(): Promise<void> {
    await Promise.all(this.#working.values());
  }

  async #work(lane: RoadLane): Promise<void> {
    const { traffic, log, more, ...host } = this.#shop;
    try {
      const taken = await workRetries(lane, {
        ...host,
        paces: traffic.paces,
        carried: traffic.carriedBy(lane),
        pace: (messages, isTransactional) => traffic.pace(lane, messages, isTransactional),
        unpace: (messages) => traffic.unpace(lane, messages),
      });
      if (taken > 0) more();
    } catch (error) {
      log.error({ reason: String(error) }, "retries could not be taken up");
    }
  }
}
