import type { ByteBuffer } from "./byte-buffer.ts";

const hex = [..."0123456789ABCDEF"].map((digit) => digit.charCodeAt(0));
const lineLimit = 75;

/**
 * Writes a run of text in quoted-printable (RFC 2045, 6.7), starting at the beginning of a line and leaving the buffer
 * at the beginning of a line: what is not closed by a line break of its own ends in a soft one. Runs can therefore be
 * put together in any order without looking at each other. Line feeds become CRLF, no line is longer than 76, a dot
 * that would stand first is written =2E, so that SMTP needs no stuffing.
 */
export function writeQuotedPrintable(out: ByteBuffer, text: string): void {
  // Worst case: three bytes of UTF-8 for a unit, each three columns, and soft breaks between.
  out.reserve(text.length * 10 + 8);
  if (text.length < lineLimit && writeSafe(out, text)) return;
  writeAny(out, text);
}

/** Characters that stand for themselves anywhere on a line but in front. */
const isSafe = Uint8Array.from({ length: 128 }, (_, code) =>
  code > 32 && code < 127 && code !== 61 ? 1 : 0,
);

/** Most values are one short line of plain ASCII: written without counting columns. False: it is something else. */
function writeSafe(out: ByteBuffer, text: string): boolean {
  const { bytes, length: start } = out;
  const { length } = text;
  if (length === 0 || text.charCodeAt(0) === 46 || text.charCodeAt(length - 1) === 32) return length === 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (isSafe[code] !== 1 && code !== 32) return false;
    bytes[start + i] = code;
  }
  out.length = softBreak(bytes, start + length);
  return true;
}

/** Characters that HTML and plain text need not escape either. */
const isHarmless = isSafe.map((safe, code) =>
  code === 32 || (safe && !"&<>\"'".includes(String.fromCharCode(code))) ? 1 : 0,
);

/**
 * Writes a short value that neither HTML nor plain text would escape, just as `writeQuotedPrintable` does, in one pass
 * and without a text in between. False, and nothing is written: it needs more than that.
 */
export function writeHarmless(out: ByteBuffer, text: string): boolean {
  const { length } = text;
  if (length === 0) return true;
  if (length > lineLimit || text.charCodeAt(0) === 46 || text.charCodeAt(length - 1) === 32) return false;
  out.reserve(length * 9 + 3);
  const { bytes } = out;
  const end = out.length + lineLimit;
  let at = out.length;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (isHarmless[code] === 1) bytes[at++] = code;
    else if (code >= 0xa0 && (code < 0xd800 || code > 0xdfff)) at = escapePoint(bytes, at, code);
    else return false;
  }
  if (at > end) return false;
  out.length = softBreak(bytes, at);
  return true;
}

function writeAny(out: ByteBuffer, text: string): void {
  const bytes = out.bytes;
  const length = text.length;
  let at = out.length;
  let column = 0;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 32 && code < 127 && code !== 61) {
      if (column >= lineLimit) {
        at = softBreak(bytes, at);
        column = 0;
      }
      if (column === 0 && code === 46) {
        at = escapeByte(bytes, at, 46);
        column = 3;
      } else {
        bytes[at++] = code;
        column++;
      }
    } else if (code === 10) {
      bytes[at++] = 13;
      bytes[at++] = 10;
      column = 0;
    } else if (code === 32 && i + 1 < length && text.charCodeAt(i + 1) !== 10) {
      if (column >= lineLimit) {
        at = softBreak(bytes, at);
        column = 0;
      }
      bytes[at++] = 32;
      column++;
    } else {
      const point = code < 0xd800 || code > 0xdfff ? code : pairAt(text, i);
      if (point > 0xffff) i++;
      const width = point < 0x80 ? 3 : point < 0x800 ? 6 : point < 0x10000 ? 9 : 12;
      if (column + width > lineLimit) {
        at = softBreak(bytes, at);
        column = 0;
      }
      at = escapePoint(bytes, at, point);
      column += width;
    }
  }
  if (column > 0) at = softBreak(bytes, at);
  out.length = at;
}

/** The character of a surrogate pair; a lone half becomes U+FFFD. */
function pairAt(text: string, i: number): number {
  const point = text.codePointAt(i) ?? 0xfffd;
  return point > 0xffff ? point : 0xfffd;
}

function softBreak(bytes: Uint8Array, at: number): number {
  bytes[at] = 61;
  bytes[at + 1] = 13;
  bytes[at + 2] = 10;
  return at + 3;
}

function escapeByte(bytes: Uint8Array, at: number, byte: number): number {
  bytes[at] = 61;
  bytes[at + 1] = hex[byte >> 4] ?? 48;
  bytes[at + 2] = hex[byte & 15] ?? 48;
  return at + 3;
}

function escapePoint(bytes: Uint8Array, start: number, point: number): number {
  if (point < 0x80) return escapeByte(bytes, start, point);
  let at = start;
  if (point < 0x800) {
    at = escapeByte(bytes, at, 0xc0 | (point >> 6));
  } else {
    if (point < 0x10000) {
      at = escapeByte(bytes, at, 0xe0 | (point >> 12));
    } else {
      at = escapeByte(bytes, at, 0xf0 | (point >> 18));
      at = escapeByte(bytes, at, 0x80 | ((point >> 12) & 63));
    }
    at = escapeByte(bytes, at, 0x80 | ((point >> 6) & 63));
  }
  return escapeByte(bytes, at, 0x80 | (point & 63));
}
