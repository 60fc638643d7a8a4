import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { isSameBoot } from "./owner.ts";

/**
 * [D8] What a sender did, noted on its own disk: S just before the bytes with the final dot are written, R when the
 * reply to it is there. Plain writes without fsync: they survive kill -9 of the process, at about 2 µs each; what a power
 * cut may take is made up for by counting the whole batch as in doubt.
 *
 * A record has 16 bytes: delivery id (8), kind (1), attempt (1), reply code (2), enhanced subject and detail (1 + 2,
 * 0 for none), check byte (1).
 */
const recordBytes = 16;
const started = 0x53;
const replied = 0x52;

/** A new file is begun at this size; an old one is deleted once all it speaks of is in the database. */
const segmentBytes = 4 * 1024 * 1024;

export type Journal = {
  readonly owner: string;
  readonly noteStart: (delivery: Attempt) => void;
  readonly noteReply: (delivery: Attempt, code: number, enhanced: string | null) => void;
  /** Says that the fate of a started delivery is committed in the database. */
  readonly noteSettled: (delivery: Attempt) => void;
  readonly close: () => void;
};

/** One try of one delivery. */
export type Attempt = { readonly deliveryId: string; readonly attempt: number };

/** What a journal says of one delivery: how far its last noted attempt came. */
export type Noted = {
  readonly attempt: number;
  /** Null: the end of the content was about to be written and no reply is noted. */
  readonly reply: { readonly code: number; readonly enhanced: string | null } | null;
};

const suffix = ".journal";
const fileOf = (directory: string, owner: string, segment: number) =>
  join(directory, `${owner}.${String(segment).padStart(6, "0")}${suffix}`);

/** Opens the journal of this process. Every segment is deleted when all that it speaks of is settled. */
export function openJournal(directory: string, owner: string): Journal {
  mkdirSync(directory, { recursive: true });
  const record = Buffer.alloc(recordBytes);
  let segment = { number: 1, file: -1, size: 0, open: 0, isFull: false };
  const holders = new Map<string, typeof segment>();
  const blank = Buffer.alloc(64 * 1024);
  const begin = (number: number) => {
    const file = openSync(fileOf(directory, owner, number), "wx", 0o600);
    // A file that has its size already takes a record without a word to the file system's own journal.
    for (let at = 0; at < segmentBytes; at += blank.length) writeSync(file, blank, 0, blank.length, at);
    segment = { number, file, size: 0, open: 0, isFull: false };
  };
  begin(1);
  let segmentLimit = segmentBytes;

  /** Begins the next segment; where the disk has no room for it, this one goes on and it is tried again later. */
  function rotate(): void {
    const old = segment;
    try {
      begin(old.number + 1);
      old.isFull = true;
      segmentLimit = segmentBytes;
    } catch {
      rmSync(fileOf(directory, owner, old.number + 1), { force: true });
      segmentLimit += segmentBytes;
    }
  }

  function write(
    kind: number,
    { deliveryId, attempt }: Attempt,
    code: number,
    enhanced: string | null,
  ): void {
    const [, subject = "0", detail = "0"] = (enhanced ?? "").split(".");
    record.writeBigUInt64BE(BigInt(deliveryId), 0);
    record[8] = kind;
    record[9] = Math.min(attempt, 255);
    record.writeUInt16BE(code, 10);
    record[12] = Math.min(Number(subject), 255);
    record.writeUInt16BE(Math.min(Number(detail), 65_535), 13);
    record[15] = checkOf(record, 0);
    writeSync(segment.file, record, 0, recordBytes, segment.size);
    segment.size += recordBytes;
  }

  function closeSegment(old: typeof segment): void {
    closeSync(old.file);
    unlinkSync(fileOf(directory, owner, old.number));
  }

  return {
    owner,
    noteStart(delivery) {
      write(started, delivery, 0, null);
      segment.open++;
      holders.set(delivery.deliveryId, segment);
      if (segment.size >= segmentLimit) rotate();
    },
    noteReply: (delivery, code, enhanced) => write(replied, delivery, code, enhanced),
    noteSettled({ deliveryId }) {
      const holder = holders.get(deliveryId);
      if (!holder) return;
      holders.delete(deliveryId);
      holder.open--;
      if (holder.isFull && holder.open === 0) closeSegment(holder);
    },
    close() {
      for (const old of new Set(holders.values())) if (old !== segment) closeSync(old.file);
      closeSync(segment.file);
      // Nothing under way: nobody will ever ask.
      if (holders.size === 0) unlinkSync(fileOf(directory, owner, segment.number));
    },
  };
}

/** What the journal of a process says, and whether it says all. */
export type JournalReading = {
  /** True if a delivery without a record was surely not started. */
  readonly isComplete: boolean;
  readonly noted: ReadonlyMap<string, Noted>;
};

/** Reads what is left of the journal of a process that is no more. Without files of it on this machine it is not complete. */
export function readJournal(directory: string, owner: string, now: Date): JournalReading {
  const noted = new Map<string, Noted>();
  const files = listJournals(directory).filter((journal) => journal.owner === owner);
  for (const { file } of files)
    for (const { deliveryId, ...entry } of recordsOf(readFileSync(file))) noted.set(deliveryId, entry);
  return { isComplete: files.length > 0 && isSameBoot(owner, now), noted };
}

/** All journal files on this machine in the order of writing, with whose they are. */
export function listJournals(directory: string): { readonly owner: string; readonly file: string }[] {
  let names: string[] = [];
  try {
    names = readdirSync(directory).sort();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  return names
    .filter((name) => name.endsWith(suffix))
    .map((name) => ({ owner: name.slice(0, name.indexOf(".")), file: join(directory, name) }));
}

function* recordsOf(bytes: Buffer): Generator<Noted & { deliveryId: string }> {
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
    // Nothing was written here yet, or it is torn: the last one, after a power cut.
    if (bytes[at + 15] !== checkOf(bytes, at)) continue;
    const code = bytes.readUInt16BE(at + 10);
    const subject = bytes[at + 12] ?? 0;
    const enhanced =
      subject === 0 ? null : `${Math.floor(code / 100)}.${subject}.${bytes.readUInt16BE(at + 13)}`;
    yield {
      deliveryId: bytes.readBigUInt64BE(at).toString(),
      attempt: bytes[at + 9] ?? 0,
      reply: bytes[at + 8] === replied ? { code, enhanced } : null,
    };
  }
}

function checkOf(bytes: Uint8Array, at: number): number {
  let sum = 0xa5;
  for (let i = at; i < at + recordBytes - 1; i++) sum = (sum * 31 + (bytes[i] ?? 0)) & 0xff;
  return sum;
}
