/**
 * The delivery ids that came, each one bit: it says how many are distinct and sums them up, so that they can be held against a
 * ledger without keeping them.
 */
export class DeliveryIds {
  #bits = new Uint8Array(1 << 20);
  #distinct = 0;
  #sum = 0n;
  /** Added to `#sum` before it leaves the range of exact numbers. */
  #recent = 0;

  /** Notes an id; false if it came before. */
  add(id: number): boolean {
    const at = Math.floor(id / 8);
    if (at >= this.#bits.length) this.#grow(at);
    const mask = 1 << (id % 8);
    const held = this.#bits[at] ?? 0;
    if ((held & mask) !== 0) return false;
    this.#bits[at] = held | mask;
    this.#distinct++;
    this.#recent += id;
    if (this.#recent > 2 ** 52) this.#carry();
    return true;
  }

  get distinct(): number {
    return this.#distinct;
  }

  /** The sum of the distinct ids. */
  get sum(): bigint {
    this.#carry();
    return this.#sum;
  }

  #carry(): void {
    this.#sum += BigInt(this.#recent);
    this.#recent = 0;
  }

  #grow(at: number): void {
    const bits = new Uint8Array(2 ** Math.ceil(Math.log2(at + 1)));
    bits.set(this.#bits);
    this.#bits = bits;
  }
}
