import { crc32 } from "node:zlib";

const headBytes = 8;
/** Longer than any record we write; a larger length in a file is damage. */
const maxRecordBytes = 64 * 1024;

/** A record: length (4 bytes, little endian), CRC-32 of the content (4 bytes), content in UTF-8. */
export function encodeRecord(text: string): Buffer {
  const content = Buffer.from(text, "utf8");
  if (content.length > maxRecordBytes) throw new Error("A journal record is at most 64 KiB.");
  const record = Buffer.allocUnsafe(headBytes + content.length);
  record.writeUInt32LE(content.length, 0);
  record.writeUInt32LE(crc32(content), 4);
  content.copy(record, headBytes);
  return record;
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
