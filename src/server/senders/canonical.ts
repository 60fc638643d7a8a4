import { hash } from "node:crypto";

const space = 32;
const tab = 9;
const carriageReturn = 13;
const lineFeed = 10;

/** One header in relaxed form (RFC 6376, section 3.4.2), without its line end. */
export function relaxedHeader(header: string): string {
  const colon = header.indexOf(":");
  const name = header.slice(0, colon).trim().toLowerCase();
  const value = header
    .slice(colon + 1)
    .replace(/\r\n/g, "")
    .replace(/[ \t]+/g, " ")
    .trim();
  return `${name}:${value}`;
}

/** Cuts a block of headers into whole headers, folded lines and all, without their last line end. */
export function splitHeaders(block: string): string[] {
  return block
    .replace(/\r\n$/, "")
    .split(/\r\n(?![ \t])/)
    .filter((header) => header !== "");
}

let scratch = new Uint8Array(65_536);

/**
 * Base64 of SHA-256 over the body in relaxed form (RFC 6376, section 3.4.4): runs of spaces and tabs become one space, those at
 * line ends and empty lines at the end of the body go. About 25 µs for 36 KB that have this form already, and twice that
 * for a body that must be brought into it.
 */
export function relaxedBodyHash(bytes: Uint8Array, start: number, end: number): string {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return hash("sha256", isRelaxed(body) ? body : relaxedBody(bytes, start, end), "base64");
}

/** True only for a body that its relaxed form would not change: found by the engine's own search, many bytes at a time. */
function isRelaxed(body: Buffer): boolean {
  const { length } = body;
  if (length < 4 || body[length - 1] !== lineFeed || body[length - 2] !== carriageReturn) return false;
  if (body[length - 3] === lineFeed) return false;
  return !body.includes(tab) && !body.includes("  ", 0, "latin1") && !body.includes(" \r\n", 0, "latin1");
}

function relaxedBody(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (scratch.length < end - start + 2) scratch = new Uint8Array((end - start + 2) * 2);
  const out = scratch;
  let length = 0;
  let contentEnd = 0;
  let isGap = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === space || byte === tab) {
      isGap = true;
      continue;
    }
    const isLineEnd = byte === carriageReturn && bytes[at + 1] === lineFeed && at + 1 < end;
    if (isGap && !isLineEnd) {
      out[length++] = space;
      contentEnd = length;
    }
    isGap = false;
    if (isLineEnd) {
      out[length++] = carriageReturn;
      out[length++] = lineFeed;
      at++;
    } else {
      out[length++] = byte;
      contentEnd = length;
    }
  }
  // The line end of the last line with anything in it stays, or is put there; an empty body stays empty.
  if (contentEnd > 0) {
    out[contentEnd++] = carriageReturn;
    out[contentEnd++] = lineFeed;
  }
  return out.subarray(0, contentEnd);
}
