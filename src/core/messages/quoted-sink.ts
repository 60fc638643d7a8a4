import { ByteBuffer } from "../mime/byte-buffer.ts";
import { writeQuotedPrintable } from "../mime/quoted-printable.ts";
import { areSoundLines } from "../mime/wire-gate.ts";
import type { FixedText } from "../template/link-program.ts";
import type { Sink } from "../template/run-program.ts";

/** Writes text as quoted-printable runs; fixed text is encoded once and copied from then on. */
export class QuotedSink implements Sink {
  readonly #out: ByteBuffer;

  constructor(out: ByteBuffer) {
    this.#out = out;
  }

  readonly fixed = (text: FixedText): void => {
    if (!text.encoded) {
      text.encoded = encodeFixed(text.text);
      text.isSound = text.encoded.length > 0 && areSoundLines(text.encoded);
    }
    if (text.isSound) this.#out.appendProven(text.encoded);
    else this.#out.append(text.encoded);
  };

  readonly write = (text: string): void => writeQuotedPrintable(this.#out, text);
}

/** Encodes a fixed text once, in memory of just its size. */
function encodeFixed(text: string): Uint8Array {
  const buffer = new ByteBuffer(text.length * 2 + 16);
  writeQuotedPrintable(buffer, text);
  return buffer.view().slice();
}
