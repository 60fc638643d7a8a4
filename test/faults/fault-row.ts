/** One way in which the world goes wrong, what must hold all the same, and where that is proved. */
export type FaultRow = {
  readonly id: `F-${number}`;
  readonly injected: string;
  readonly checked: string;
} & (
  | {
      /** Files with a test whose title quotes the row. */
      readonly tests: readonly string[];
    }
  /** Why nothing plays it. */
  | { readonly notPlayed: string }
);

export const laterFeature = (what: string) => `There is no such thing yet: ${what}.`;
