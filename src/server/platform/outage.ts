import { performance } from "node:perf_hooks";

/** Trouble that is met again and again while it lasts, such as a database that is away. */
export type Outage = {
  /** It was met. */
  readonly met: (error: unknown) => void;
  /** It was not met this time, so it is over. */
  readonly over: () => void;
  /** Does this and notes whether the trouble was met; gives nothing if it was. */
  readonly during: <Value>(work: () => Promise<Value>) => Promise<Value | undefined>;
};

type Say = (details: object, words: string) => void;

/** A log that is read by a person says it again after so long. */
const sayAgainMilliseconds = 60_000;

/** Says of lasting trouble that it began, then at most once a minute how often it was met since, and that it is over. */
export function watchOutage(
  log: { readonly error: Say; readonly info: Say },
  words: { readonly failing: string; readonly over: string },
  details: Readonly<Record<string, unknown>> = {},
  now: () => number = () => performance.now(),
): Outage {
  let times = 0;
  let saidAt = 0;
  const outage: Outage = {
    met(error) {
      times++;
      if (times > 1 && now() - saidAt < sayAgainMilliseconds) return;
      saidAt = now();
      log.error({ ...details, reason: String(error), ...(times > 1 ? { times } : {}) }, words.failing);
    },
    over() {
      if (times === 0) return;
      log.info({ ...details, times }, words.over);
      times = 0;
    },
    async during(work) {
      try {
        const value = await work();
        outage.over();
        return value;
      } catch (error) {
        outage.met(error);
        return undefined;
      }
    },
  };
  return outage;
}
