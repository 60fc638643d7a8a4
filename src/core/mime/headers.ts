import { encodedWords, isPlainHeader } from "./encoded-word.ts";

const softLimit = 78;
const hardLimit = 998;

/**
 * Writes a header whose value is words that may be folded between them (RFC 5322, 2.2.3), CRLF included. Lines break
 * before a word that would go beyond 78 characters.
 */
export function foldedHeader(name: string, words: readonly string[]): string {
  let text = `${name}:`;
  let column = text.length;
  words.forEach((word, i) => {
    // The first word stays on the header's line: a first line of nothing but the name confuses some readers.
    if (i > 0 && column + 1 + word.length > softLimit) {
      text += "\r\n";
      column = 0;
    }
    text += ` ${word}`;
    column += 1 + word.length;
  });
  return `${text}\r\n`;
}

/** Writes a header of free text, such as Subject, in encoded words where it needs them (RFC 2047). */
export function textHeader(name: string, value: string): string {
  const text = value.trim();
  if (isPlainHeader(text) && !/ {2}/.test(text))
    return foldedHeader(name, text === "" ? [] : text.split(" "));
  return foldedHeader(name, encodedWords(text));
}

/** True if each line of a written header is within RFC 5322's 998 characters. */
export function fitsLines(header: string): boolean {
  if (header.length <= hardLimit) return true;
  return header.split("\r\n").every((line) => line.length <= hardLimit);
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** An instant (milliseconds since 1970) as RFC 5322 writes it, in UTC. */
export function mailDate(instant: number): string {
  const date = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${days[date.getUTCDay()]}, ${two(date.getUTCDate())} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${clock} +0000`;
}
