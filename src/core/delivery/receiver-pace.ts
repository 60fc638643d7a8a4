/**
 * [D111] How a pace follows what a receiving domain says: halved when it says that mail comes too fast, then growing evenly to what
 * it was. Rates are messages a second, times milliseconds.
 */
export type Slowdown = {
  /** The rate right after it was halved. */
  readonly to: number;
  readonly at: number;
};

const second = 1000;

/** From nothing to the whole pace it takes so long without another complaint: the longest that a slow-down can last. */
export const recoveryMilliseconds = 60 * 60 * second;
/** What was on its way when a pace was halved earns answers too: these are heard as one. */
export const settleMilliseconds = 10 * second;
/** No receiver is asked less often than once a minute, unless its pace is slower anyway. */
const slowest = 1 / 60;

/** The rate now: what it was slowed to and what it has won back since, never more than the limit. */
export function rateAt(limit: number, slowdown: Slowdown | null, now: number): number {
  if (slowdown === null) return limit;
  const since = Math.max(0, now - slowdown.at);
  return Math.min(limit, slowdown.to + (limit * since) / recoveryMilliseconds);
}

/** When the whole pace is reached again if the receiver says nothing more. */
export function recoversAt(limit: number, { to, at }: Slowdown): number {
  return at + Math.max(0, 1 - to / limit) * recoveryMilliseconds;
}

/** The receiver said that mail comes too fast. */
export function slowDown(limit: number, slowdown: Slowdown | null, now: number): Slowdown {
  if (slowdown !== null && now < slowdown.at + settleMilliseconds) return slowdown;
  const floor = Math.min(limit, slowest);
  return { to: Math.max(floor, rateAt(limit, slowdown, now) / 2), at: now };
}

/**
 * [D112] A domain without a rule gets a pace for a while: it begins at half of what the domain took lately and ends at four times
 * that, from where on it has none again. As whole messages in whole seconds, like any rule.
 */
export function temporaryPace(tookPerSecond: number, now: number) {
  const took = Math.max(tookPerSecond, 0.2);
  const messages = Math.ceil(took * 4 * 60);
  return { messages, perSeconds: 60, slowdown: { to: took / 2, at: now } };
}

/** How many that wait may be called up early, because the pace has grown since they got their time: so much as leaves until `until`. */
export function earlier(limit: number, slowdown: Slowdown, now: number, until: number): number {
  return Math.ceil((rateAt(limit, slowdown, until) * (until - now)) / second);
}
