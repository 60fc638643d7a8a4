/**
 * What is read from any plain connection lands in this one place, one piece after the other: memory made anew for each
 * read would cost more than the reply in it.
 */
const memory = Buffer.alloc(16_384);

/** Where the bytes of one connection arrive. They are valid only until `take` returns. */
export class Landing {
  readonly #early: Uint8Array[] = [];
  #take: ((bytes: Uint8Array) => void) | undefined;

  /** For `net.connect`, which then gives no `data` events. */
  readonly onread = {
    buffer: memory,
    callback: (length: number): boolean => {
      const bytes = memory.subarray(0, length);
      if (this.#take) this.#take(bytes);
      else this.#early.push(Uint8Array.from(bytes));
      return true;
    },
  };

  /** From now on bytes go there; first those that came before. */
  attach(take: (bytes: Uint8Array) => void): void {
    this.#take = take;
    for (const bytes of this.#early.splice(0)) take(bytes);
  }
}
