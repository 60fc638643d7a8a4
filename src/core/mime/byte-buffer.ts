/**
 * Where runs lie that the wire gate has looked at before: start, end, start, end ... in rising order, of which the first
 * `length` numbers count. The memory is kept from message to message.
 */
export type ProvenRuns = { readonly bounds: number[]; length: number };

/**
 * A growable run of bytes, meant to be reused: make one, `clear` it for each message.
 * The bytes are valid up to `length`; growing replaces `bytes`, so take it again after writing.
 */
export class ByteBuffer {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  readonly proven: ProvenRuns = { bounds: [], length: 0 };

  constructor(capacity = 65_536) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Forgets the content and keeps the memory. */
  clear(): void {
    this.length = 0;
    this.proven.length = 0;
  }

  /** Makes sure that `more` bytes can be written behind `length` without another check. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  /** Appends bytes as they are. */
  append(bytes: Uint8Array): void {
    const { length } = bytes;
    this.reserve(length);
    // A call into the engine costs more than a few bytes copied by hand.
    if (length > 48) this.bytes.set(bytes, this.length);
    else for (let i = 0; i < length; i++) this.bytes[this.length + i] = bytes[i] ?? 0;
    this.length += length;
  }

  /** Appends whole lines that the wire gate has found sound, so that it need not look at each copy of them. */
  appendProven(lines: Uint8Array): void {
    const start = this.length;
    const { proven } = this;
    const { bounds } = proven;
    this.append(lines);
    if (proven.length > 0 && bounds[proven.length - 1] === start) bounds[proven.length - 1] = this.length;
    else {
      bounds[proven.length] = start;
      bounds[proven.length + 1] = this.length;
      proven.length += 2;
    }
  }

  /** Appends text that is known to be ASCII. */
  appendAscii(text: string): void {
    this.reserve(text.length);
    let at = this.length;
    for (let i = 0; i < text.length; i++) this.bytes[at++] = text.charCodeAt(i);
    this.length = at;
  }

  /** A view of what was written, valid until the next write. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** Text that is known to be ASCII as bytes of its own. */
export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
