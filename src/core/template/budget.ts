/** Thrown inside the interpreter only, and turned into a value at its door. */
export class RenderStop extends Error {}

export const defaultLimits = { steps: 200_000, output: 1_000_000 };
export type Limits = typeof defaultLimits;

/**
 * Bounds the work of one rendering: each step, list item and 64 characters handled cost one, so that no template,
 * however hostile, runs long or grows large.
 */
export class Budget {
  readonly #limits: Limits;
  #stepsLeft: number;
  #outputLeft: number;

  constructor(limits: Limits = defaultLimits) {
    this.#limits = limits;
    this.#stepsLeft = limits.steps;
    this.#outputLeft = limits.output;
  }

  /** Starts anew, for the next message. */
  reset(): void {
    this.#stepsLeft = this.#limits.steps;
    this.#outputLeft = this.#limits.output;
  }

  /** Counts what goes out, also into captures. */
  wrote(length: number): void {
    this.#outputLeft -= length;
    if (this.#outputLeft < 0) throw new RenderStop("The template makes more than 1 MB of text.");
  }

  /** Pays for work. */
  spend(steps: number): void {
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) throw new RenderStop("The template does more work than one message may cost.");
  }

  /** Pays for a text that was made, and refuses one that is too long. */
  made(text: string): string {
    this.checkLength(text.length);
    this.spend(1 + (text.length >> 6));
    return text;
  }

  /** Refuses a length before anything of that length is made. */
  checkLength(length: number): void {
    if (length > this.#limits.output) throw new RenderStop("The template makes more than 1 MB of text.");
  }
}
