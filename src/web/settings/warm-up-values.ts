import { type WarmUpPlan, warmUpDays } from "#core/delivery/warm-up.ts";

export const warmUpChoices = [
  { value: "", label: "None" },
  { value: "gentle", label: "Gentle: 30 days to 120,000 a day" },
  { value: "normal", label: "Normal: 20 days to 200,000 a day" },
  { value: "fast", label: "Fast: 10 days to 250,000 a day, for a domain that is known" },
  { value: "custom", label: "Your own numbers" },
] as const;

export const isWarmUpPlan = (plan: string | null): plan is WarmUpPlan =>
  plan !== "" && warmUpChoices.some(({ value }) => value === plan);

/** A warm-up as its form holds it. */
export type WarmUpValues = {
  /** Empty: none. */
  readonly plan: WarmUpPlan | "";
  /** Numbers with spaces or commas between them. */
  readonly ceilings: string;
  readonly startsOn: string;
  readonly isPaused: boolean;
};

export type StoredWarmUp = {
  readonly plan: WarmUpPlan;
  readonly ceilings: readonly number[];
  readonly startsOn: string;
  readonly isPaused: boolean;
};

/** Fills the form; a new warm-up begins today. */
export function toWarmUpValues(warmUp: StoredWarmUp | null, now: Date): WarmUpValues {
  return {
    plan: warmUp?.plan ?? "",
    ceilings: (warmUp?.ceilings ?? []).join(" "),
    startsOn: warmUp?.startsOn ?? now.toISOString().slice(0, 10),
    isPaused: warmUp?.isPaused ?? false,
  };
}

const numbersIn = (text: string) =>
  text
    .split(/[\s,;]+/)
    .filter((word) => word !== "")
    .map(Number);

/** What to send: null for none. */
export function toWarmUp({ plan, ceilings, ...rest }: WarmUpValues) {
  return plan === "" ? null : { ...rest, plan, ceilings: plan === "custom" ? numbersIn(ceilings) : [] };
}

/** The ceilings of each day as chosen, as far as they are numbers. */
export function curveOf({ plan, ceilings }: WarmUpValues): readonly number[] {
  if (plan === "") return [];
  return warmUpDays({ plan, ceilings: numbersIn(ceilings).filter(Number.isFinite) });
}
