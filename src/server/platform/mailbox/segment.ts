import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { z } from "zod";

/** What is known of a message without reading it. */
export const messageHead = z.object({
  id: z.number().int().positive(),
  receivedAt: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  size: z.number().int().nonnegative(),
});
export type MessageHead = z.infer<typeof messageHead>;

/** A record's place: where its head begins and where its bytes do. */
export type Placed = { readonly head: MessageHead; readonly rawAt: number };

const prefixBytes = 8;
const probe = Buffer.alloc(1024); // holds prefix and head of nearly every record

/** A record on disk: length of the head, length of the message (32 bits each, little end first), head as JSON, message. */
export function encodeRecord(
  head: MessageHead,
  raw: Buffer,
): { parts: Buffer[]; length: number; rawAt: number } {
  const words = Buffer.from(JSON.stringify(head));
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32LE(words.length, 0);
  prefix.writeUInt32LE(raw.length, 4);
  const rawAt = prefixBytes + words.length;
  return { parts: [prefix, words, raw], length: rawAt + raw.length, rawAt };
}

/**
 * Reads the heads of a segment, skipping over the messages. What a crash cut short at the end was never
 * acknowledged to a sender, and is cut off.
 */
export function scanSegment(path: string): { records: Placed[]; size: number } {
  const file = openSync(path, "r+");
  try {
    const { size } = fstatSync(file);
    const records: Placed[] = [];
    let at = 0;
    for (;;) {
      const record = readRecord(file, at, size);
      if (!record) break;
      records.push(record);
      at = record.rawAt + record.head.size;
    }
    if (at < size) ftruncateSync(file, at);
    return { records, size: at };
  } finally {
    closeSync(file);
  }
}

function readRecord(file: number, at: number, size: number): Placed | undefined {
  if (at + prefixBytes > size) return undefined;
  const read = readSync(file, probe, 0, probe.length, at);
  const headLength = probe.readUInt32LE(0);
  const rawLength = probe.readUInt32LE(4);
  const rawAt = at + prefixBytes + headLength;
  if (headLength === 0 || rawAt + rawLength > size) return undefined;
  let words = probe.subarray(prefixBytes, Math.min(read, prefixBytes + headLength));
  if (words.length < headLength) {
    words = Buffer.alloc(headLength);
    readSync(file, words, 0, headLength, at + prefixBytes);
  }
  try {
    const head = messageHead.safeParse(JSON.parse(words.toString("utf8")));
    return head.success && head.data.size === rawLength ? { head: head.data, rawAt } : undefined;
  } catch {
    return undefined;
  }
}
