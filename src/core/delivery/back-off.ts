/** Minutes to wait after the first, second … attempt; the last one repeats. Greylisting is over after the second. */
const waitMinutes = [1, 5, 15, 30, 60] as const;

const minute = 60_000;

/** What a wait may differ by, either way, as a part of it. */
const spread = 0.2;

/** [D15] After so many minutes what was put off is due again, whatever it met. */
export const longestWaitMinutes = Math.max(...waitMinutes) * (1 + spread);

/**
 * [D15] When to try again after the given number of attempts (1: the first one was put off). `random` lies in
 * [0, 1) and spreads deliveries over 20 % around the wait, so that what was put off together does not return together.
 */
export function nextAttemptAt(attempts: number, now: Date, random: number): Date {
  const wait = waitMinutes[Math.min(Math.max(attempts, 1), waitMinutes.length) - 1] ?? 60;
  return new Date(now.getTime() + wait * minute * (1 - spread + 2 * spread * random));
}

/** [D12] How long a road that does not work is left alone after so many failures in a row, in milliseconds. */
export function roadPauseMilliseconds(failures: number, random: number): number {
  const seconds = [5, 15, 30, 60, 120, 300];
  return (seconds[Math.min(failures, seconds.length) - 1] ?? 300) * 1000 * (0.8 + 0.4 * random);
}
