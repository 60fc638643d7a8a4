import { readAddress } from "../address.ts";
import { splitCsv } from "./split-csv.ts";

export const delimiters = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof delimiters)[number];
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** How the text of a file is laid out. */
export type FileFormat = {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  readonly hasHeader: boolean;
};

/**
 * Guesses an encoding: a byte order mark says it; zero bytes in every second place are UTF-16 of a western language;
 * what is valid UTF-8 over the whole file is UTF-8, since other text hardly ever is by chance; the rest is taken for
 * Windows-1252, what spreadsheets in Europe and America write.
 */
export function guessEncoding(head: Uint8Array, isUtf8: boolean): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const length = Math.min(head.length, 4000) & ~1;
  let [evenZeros, oddZeros] = [0, 0];
  for (let at = 0; at < length; at += 2) {
    if (head[at] === 0) evenZeros += 1;
    if (head[at + 1] === 0) oddZeros += 1;
  }
  if (oddZeros * 4 > length && evenZeros * 20 < length) return "utf-16le";
  if (evenZeros * 4 > length && oddZeros * 20 < length) return "utf-16be";
  return isUtf8 ? "utf-8" : "windows-1252";
}

/** Guesses the delimiter: the one that gives the most rows of one and the same width, of at least two. */
export function guessDelimiter(head: string): Delimiter {
  const scored = delimiters.map((delimiter) => {
    const widths = new Map<number, number>();
    for (const row of splitCsv(head, delimiter, true).rows.slice(0, 200))
      if (row.length > 1) widths.set(row.length, (widths.get(row.length) ?? 0) + 1);
    const [width, count] = [...widths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [0, 0];
    return { delimiter, score: count * 1000 + width };
  });
  return scored.reduce((best, each) => (each.score > best.score ? each : best)).delimiter;
}

/** A first row without an address, where the rest has some, is a header. */
export function guessHeader(rows: readonly (readonly string[])[]): boolean {
  return !(rows[0] ?? []).some((cell) => readAddress(cell, (domain) => domain).ok);
}
