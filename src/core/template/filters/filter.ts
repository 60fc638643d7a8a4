import type { Budget } from "../budget.ts";
import type { Value } from "../value.ts";

/** What a filter may know besides its input. */
export type FilterSetting = {
  readonly budget: Budget;
  readonly locale: string;
  readonly timeZone: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export type Filter = {
  /** The fewest and the most arguments behind the colon. */
  readonly args: readonly [number, number];
  readonly run: (input: Value, args: readonly Value[], setting: FilterSetting) => Value;
};

export type Filters = { readonly [name: string]: Filter };
