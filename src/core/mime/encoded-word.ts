import { utf8Bytes } from "./utf8.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Text that needs no encoding in a header: printable ASCII without the start of an encoded word. */
export function isPlainHeader(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && !text.includes("=?") && !/\S{200}/.test(text) && text.trim() === text;
}

/**
 * Encodes text as RFC 2047 words of at most 75 characters, none of which splits a character. Chooses Q or B by what is
 * shorter. The words are given apart, to be folded by the header.
 */
export function encodedWords(text: string): string[] {
  let inQ = 0;
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) ?? 0;
    if (point > 0xffff) i++;
    if (point < 0x80) {
      inQ += inQOf[point]?.length ?? 3;
      bytes++;
    } else {
      const size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      inQ += size * 3;
      bytes += size;
    }
  }
  return inQ <= Math.ceil(bytes / 3) * 4 ? qWords(text) : bWords([...text]);
}

const hexOf = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`,
);

/** How each ASCII character is written in Q so that it is safe wherever a word may stand, also in a phrase (RFC 2047, 5 (3)). */
const inQOf = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (code === 32) return "_";
  return /[A-Za-z0-9!*+/-]/.test(character) ? character : (hexOf[code] ?? "");
});

const roomFor = 75 - "=?utf-8?Q??=".length;

function qWords(text: string): string[] {
  const words: string[] = [];
  let word = "";
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i) ?? 0;
    if (point > 0xffff) i++;
    const piece = inQOf[point] ?? inQBeyondAscii(point);
    if (word.length + piece.length > roomFor) {
      words.push(`=?utf-8?Q?${word}?=`);
      word = "";
    }
    word += piece;
  }
  if (word !== "" || words.length === 0) words.push(`=?utf-8?Q?${word}?=`);
  return words;
}

function inQBeyondAscii(point: number): string {
  let piece = "";
  for (const byte of utf8Bytes(String.fromCodePoint(point))) piece += hexOf[byte];
  return piece;
}

function bWords(characters: readonly string[]): string[] {
  const words: string[] = [];
  let bytes: number[] = [];
  const mostBytes = Math.floor(roomFor / 4) * 3;
  for (const character of characters) {
    const next = utf8Bytes(character);
    if (bytes.length + next.length > mostBytes) {
      words.push(`=?utf-8?B?${base64(bytes)}?=`);
      bytes = [];
    }
    bytes.push(...next);
  }
  if (bytes.length > 0 || words.length === 0) words.push(`=?utf-8?B?${base64(bytes)}?=`);
  return words;
}

function base64(bytes: readonly number[]): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += alphabet[group >> 18];
    text += alphabet[(group >> 12) & 63];
    text += i + 1 < bytes.length ? alphabet[(group >> 6) & 63] : "=";
    text += i + 2 < bytes.length ? alphabet[group & 63] : "=";
  }
  return text;
}
