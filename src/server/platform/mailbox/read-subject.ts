import { decodeWords } from "postal-mime";

const longestHeader = 64 * 1024;

/** The decoded subject of a message, found without parsing the rest: the mailbox takes thousands a second. */
export function readSubject(raw: Buffer): string {
  const end = raw.indexOf("\r\n\r\n");
  const header = `\r\n${raw.toString("utf8", 0, Math.min(end < 0 ? raw.length : end, longestHeader))}`;
  const folded = /\r\nsubject:([^\r]*(?:\r\n[ \t][^\r]*)*)/i.exec(header)?.[1] ?? "";
  return decodeWords(folded.replace(/\r\n[ \t]/g, " ").trim()).slice(0, 500);
}
