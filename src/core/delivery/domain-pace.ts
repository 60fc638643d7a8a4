/** [D25] Providers that receive for several domains, to begin a rule with. */
export const providerDomains = {
  Gmail: ["gmail.com", "googlemail.com"],
  Microsoft: [
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "hotmail.co.uk",
    "hotmail.fr",
    "hotmail.de",
  ],
  Yahoo: ["yahoo.com", "ymail.com", "rocketmail.com", "aol.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de"],
  iCloud: ["icloud.com", "me.com", "mac.com"],
  "GMX and WEB.DE": ["gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de"],
} as const;

/** What is known of a pace when places are reserved. Times are milliseconds. */
export type PaceState = {
  readonly interval: number;
  /** From when on the next message may leave. */
  readonly freeAt: number;
  /** When the last of those that wait for their turn has it; null if none waits. */
  readonly tail: number | null;
};

/** How far ahead a place may lie for a message to be handed over at once. */
const horizon = 1000;

/**
 * [D25] Reserves places one interval apart. Who has one within a second leaves now; the others get a time behind those that
 * wait already, when they ask again. What is urgent passes those that wait; what is due had its time and asks again.
 */
export function reservePlaces(
  { interval, freeAt, tail }: PaceState,
  wanted: number,
  now: number,
  who: "new" | "due" | "urgent",
): { readonly granted: number; readonly freeAt: number; readonly later: readonly number[] } {
  const start = Math.max(now, freeAt);
  const mayLeave = who !== "new" || tail === null || tail <= now + horizon;
  const places = Math.max(0, Math.floor((now + horizon - start) / interval) + 1);
  const granted = mayLeave ? Math.min(wanted, places) : 0;
  const free = granted > 0 ? start + granted * interval : freeAt;
  // A second at least, so that it is not taken up while it is being put off.
  const first = Math.max(
    free,
    now + horizon + interval,
    tail === null || who === "urgent" ? 0 : tail + interval,
  );
  const later = Array.from({ length: wanted - granted }, (_, index) => first + index * interval);
  return { granted, freeAt: free, later };
}
