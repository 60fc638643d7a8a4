import { ByteBuffer } from "../mime/byte-buffer.ts";
import { writeQuotedPrintable } from "../mime/quoted-printable.ts";

/** Encodes a fixed text once, in memory of just its size. */
export function encodeFixed(text: string): Uint8Array {
  const buffer = new ByteBuffer(text.length * 2 + 16);
  writeQuotedPrintable(buffer, text);
  return buffer.view().slice();
}
