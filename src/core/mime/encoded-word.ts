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
  const characters = [...text];
  let inQ = 0;
  let bytes = 0;
  for (const character of characters) {
    const size = utf8Bytes(character).length;
    bytes += size;
    inQ += isPlainInQ(character) ? 1 : size * 3;
  }
  return inQ <= Math.ceil(bytes / 3) * 4 ? qWords(characters) : bWords(characters);
}

/** Safe in every place where a word may stand, also in a phrase (RFC 2047, 5 (3)). */
function isPlainInQ(character: string): boolean {
  return character === " " || /^[A-Za-z0-9!*+/-]$/.test(character);
}

const roomFor = 75 - "=?utf-8?Q??=".length;

function qWords(characters: readonly string[]): string[] {
  const words: string[] = [];
  let word = "";
  for (const character of characters) {
    const piece = isPlainInQ(character)
      ? character.replace(" ", "_")
      : utf8Bytes(character)
          .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`)
          .join("");
    if (word.length + piece.length > roomFor) {
      words.push(`=?utf-8?Q?${word}?=`);
      word = "";
    }
    word += piece;
  }
  if (word !== "" || words.length === 0) words.push(`=?utf-8?Q?${word}?=`);
  return words;
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
