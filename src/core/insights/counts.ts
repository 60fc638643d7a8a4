import { z } from "zod";

const count = z.number().int().min(0);

/** How often something was done, by people and by machines. `first` counts deliveries, `all` every time. */
export const ByAgent = z.object({
  humanFirst: count,
  humanAll: count,
  machineFirst: count,
  machineAll: count,
});
export type ByAgent = z.infer<typeof ByAgent>;

/** The raw counts that every metric is made of. Each equals a number of rows in the ledgers. */
export const Counts = z.object({
  /** Ever enqueued. Equals the sum of the six below. */
  recipients: count,
  accepted: count,
  refused: count,
  skipped: count,
  givenUp: count,
  inDoubt: count,
  /** Not decided yet. */
  waiting: count,
  /** Accepted deliveries that came back later. */
  bouncedLater: count,
  opens: ByAgent,
  clicks: ByAgent,
  forwards: count,
  /** Deliveries whose recipient unsubscribed. */
  unsubscribes: count,
  /** Views in the browser. */
  views: count,
});
export type Counts = z.infer<typeof Counts>;

const nobody: ByAgent = { humanFirst: 0, humanAll: 0, machineFirst: 0, machineAll: 0 };

/** Nothing was sent and nothing happened. */
export const noCounts: Counts = {
  recipients: 0,
  accepted: 0,
  refused: 0,
  skipped: 0,
  givenUp: 0,
  inDoubt: 0,
  waiting: 0,
  bouncedLater: 0,
  opens: nobody,
  clicks: nobody,
  forwards: 0,
  unsubscribes: 0,
  views: 0,
};
