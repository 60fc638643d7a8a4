import { crc32 } from "node:zlib";

const headBytes = 8;
/** Longer than any record we write; a larger length in a file is damage. */
const maxRecordBytes = 64 * 1024;

/** Encodes texts one behind the other. A record: length (4 bytes, little endian), CRC-32 of the content, content in UTF-8. */
export function encodeRecords(texts: readonly string[]): Buffer {
  let most = 0;
  for (const text of texts) most += headBytes + text.length * 3;
  const bytes = Buffer.allocUnsafe(most);
  let at = 0;
  for (const text of texts) {
    const length = bytes.write(text, at + headBytes, "utf8");
    if (length > maxRecordBytes) throw new Error("A journal record is at most 64 KiB.");
    bytes.writeUInt32LE(length, at);
    bytes.writeUInt32LE(crc32(bytes.subarray(at + headBytes, at + headBytes + length)), at + 4);
    at += headBytes + length;
  }
  return bytes.subarray(0, at);
}

/** The records at the start of some bytes, how many bytes they took, and whether damage or just the end stopped it. */
export function decodeRecords(bytes: Buffer): {
  readonly texts: string[];
  readonly usedBytes: number;
  readonly isDamaged: boolean;
} {
  const texts: string[] = [];
  let at = 0;
  while (at + headBytes <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    if (length > maxRecordBytes) return { texts, usedBytes: at, isDamaged: true };
    const content = bytes.subarray(at + headBytes, at + headBytes + length);
    if (content.length < length) break;
    if (crc32(content) !== bytes.readUInt32LE(at + 4)) return { texts, usedBytes: at, isDamaged: true };
    texts.push(content.toString("utf8"));
    at += headBytes + length;
  }
  return { texts, usedBytes: at, isDamaged: false };
}
