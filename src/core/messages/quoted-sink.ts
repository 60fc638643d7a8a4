import { ByteBuffer } from "../mime/byte-buffer.ts";
import { writeHarmless, writeQuotedPrintable } from "../mime/quoted-printable.ts";
import { areSoundLines } from "../mime/wire-gate.ts";
import { escapeFor } from "../template/escape.ts";
import type { FixedText, SteadyRun } from "../template/link-program.ts";
import type { Context } from "../template/program.ts";
import type { Sink } from "../template/run-program.ts";
import type { Value } from "../template/value.ts";

/** Writes text as quoted-printable runs; fixed text is encoded once and copied from then on. */
export class QuotedSink implements Sink {
  #out: ByteBuffer;
  readonly #writeRun: ((run: SteadyRun, out: ByteBuffer) => number) | undefined;

  constructor(out: ByteBuffer, writeRun?: (run: SteadyRun, out: ByteBuffer) => number) {
    this.#out = out;
    this.#writeRun = writeRun;
  }

  /** Writes into another buffer from now on. */
  turnTo(out: ByteBuffer): void {
    this.#out = out;
  }

  readonly steady = (run: SteadyRun): number => this.#writeRun?.(run, this.#out) ?? -1;

  readonly fixed = (text: FixedText): void => {
    if (!text.encoded) {
      text.encoded = encodeFixed(text.text);
      text.isSound = text.encoded.length > 0 && areSoundLines(text.encoded);
    }
    if (text.isSound) this.#out.appendProven(text.encoded);
    else this.#out.append(text.encoded);
  };

  readonly value = (as: Context, value: Value): number => {
    const isPlace = as === "html" || as === "plain";
    if (isPlace && typeof value === "string" && writeHarmless(this.#out, value)) return value.length;
    const text = escapeFor(as, value);
    this.write(text);
    return text.length;
  };

  readonly write = (text: string): void => writeQuotedPrintable(this.#out, text);
}

/** Encodes a fixed text once, in memory of just its size. */
function encodeFixed(text: string): Uint8Array {
  const buffer = new ByteBuffer(text.length * 2 + 16);
  writeQuotedPrintable(buffer, text);
  return buffer.view().slice();
}
