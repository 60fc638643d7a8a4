/** [D24] How many messages may leave on each day of a warm-up. After the last day there is no ceiling. */
export const warmUpPlans = {
  gentle: [
    50, 75, 100, 150, 200, 300, 400, 550, 750, 1000, 1300, 1700, 2200, 2800, 3600, 4600, 6000, 7500, 9500,
    12_000, 15_000, 19_000, 24_000, 30_000, 38_000, 48_000, 60_000, 75_000, 95_000, 120_000,
  ],
  normal: [
    50, 100, 200, 400, 700, 1000, 1500, 2200, 3200, 5000, 7500, 11_000, 16_000, 24_000, 35_000, 50_000,
    70_000, 100_000, 140_000, 200_000,
  ],
  fast: [500, 1000, 2500, 5000, 10_000, 20_000, 40_000, 80_000, 150_000, 250_000],
} as const;

export type WarmUpPlan = keyof typeof warmUpPlans | "custom";

/** A new server's mail, growing day by day. Days are dates in UTC: `2026-03-01`. */
export type WarmUp = {
  readonly plan: WarmUpPlan;
  /** The days of a custom plan; empty for a built-in one. */
  readonly ceilings: readonly number[];
  readonly startsOn: string;
  /** From this day on it does not grow; null while it does. */
  readonly pausedOn: string | null;
};

const dayLength = 86_400_000;
const dayOf = (date: string) => Math.floor(Date.parse(`${date}T00:00:00Z`) / dayLength);
const dateOf = (day: number) => new Date(day * dayLength).toISOString().slice(0, 10);

/** The ceilings of each of its days. */
export function warmUpDays({ plan, ceilings }: Pick<WarmUp, "plan" | "ceilings">): readonly number[] {
  return plan === "custom" ? ceilings : warmUpPlans[plan];
}

/** Which day of a warm-up it is, from 1 on, and what may leave on it. Undefined once it is over. */
export type WarmUpDay = { readonly day: number; readonly ceiling: number };

/** [D24] Before a warm-up begins its first day holds; while it is paused it stays where it was. */
export function warmUpDay(warmUp: WarmUp, now: number): WarmUpDay | undefined {
  const today = Math.floor(now / dayLength);
  const until = warmUp.pausedOn === null ? today : Math.min(today, dayOf(warmUp.pausedOn));
  const day = Math.max(0, until - dayOf(warmUp.startsOn));
  const ceiling = warmUpDays(warmUp)[day];
  return ceiling === undefined ? undefined : { day: day + 1, ceiling };
}

/** [D24] What may leave in a day: the limit or the ceiling of the warm-up, whichever is lower. Null: no limit. */
export function dayLimit(limit: number | null, warmUp: WarmUp | null, now: number): number | null {
  const ceiling = warmUp && warmUpDay(warmUp, now)?.ceiling;
  return typeof ceiling === "number" ? Math.min(limit ?? ceiling, ceiling) : limit;
}

/** A warm-up as it is after a change. One that goes on after a pause goes on where it stood. */
export function changeWarmUp(
  before: WarmUp | null,
  { isPaused, ...wanted }: Omit<WarmUp, "pausedOn"> & { readonly isPaused: boolean },
  now: number,
): WarmUp {
  const today = Math.floor(now / dayLength);
  const ceilings = wanted.plan === "custom" ? wanted.ceilings : [];
  if (isPaused) return { ...wanted, ceilings, pausedOn: before?.pausedOn ?? dateOf(today) };
  const isMoved = before?.startsOn !== wanted.startsOn;
  const begun = dayOf(wanted.startsOn);
  const lost =
    before?.pausedOn && !isMoved ? Math.max(0, today - Math.max(begun, dayOf(before.pausedOn))) : 0;
  return { ...wanted, ceilings, startsOn: dateOf(begun + lost), pausedOn: null };
}
