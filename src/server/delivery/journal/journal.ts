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
 * reply to it is there, by the same write as the next S or before the event loop turns. Plain writes without fsync: they
 * survive kill -9 of the process; what a power cut may take is made up for by counting the whole batch as in doubt.
 *
 * A record has 16 bytes: delivery id (8), kind (1), attempt (1), reply code (2), enhanced subject and detail (1 + 2,
 * 0 for none), check byte (1).
 */
const recordBytes = 16;
const started = 0x53;
const replied = 0x52;
/** So many replies may wait for the write that takes them along. */
const keptRecords = 256;

/** A new file is begun at this size; an old one is deleted once all it speaks of is in the database. */
const segmentBytes = 4 * 1024 * 1024;

export type Journal = {
  readonly owner: string;
  /** [D60] Why nothing can be noted just now, undefined if it can: tried by a write. */
  readonly fault: () => string | undefined;
  /** [D60] False if it could not be noted whole: then the dot must not follow. */
  readonly noteStart: (delivery: Attempt) => boolean;
  /** One that cannot be noted is lost only if the process dies before the fate is committed: then it is in doubt. */
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

type Segment = {
  readonly number: number;
  readonly file: number;
  size: number;
  open: number;
  isFull: boolean;
};

/** How bytes get into a file; as `writeSync`. */
export type WriteAt = (
  file: number,
  bytes: Buffer,
  offset: number,
  length: number,
  position: number,
) => number;

/**
 * Opens the journal of this process. Every segment is deleted when all that it speaks of is settled. It never throws:
 * [D60] a directory or a disk that takes nothing is a fault that may pass.
 */
export function openJournal(directory: string, owner: string, writeAt: WriteAt = writeSync): Journal {
  /** Records that are not written yet: replies, and behind them the start that takes them along. */
  const pending = Buffer.alloc((keptRecords + 1) * recordBytes);
  let pendingBytes = 0;
  let isWriteDue = false;
  const blank = Buffer.alloc(64 * 1024);
  const holders = new Map<string, Segment>();
  let segment: Segment | undefined;
  let segmentLimit = segmentBytes;
  let fault = attempt(() => begin(1));

  function begin(number: number): void {
    mkdirSync(directory, { recursive: true });
    const path = fileOf(directory, owner, number);
    const file = openSync(path, "wx", 0o600);
    try {
      // A file that has its size already takes a record without a word to the file system's own journal.
      for (let at = 0; at < segmentBytes; at += blank.length) put(file, blank, at);
    } catch (error) {
      closeSync(file);
      rmSync(path, { force: true });
      throw error;
    }
    segment = { number, file, size: 0, open: 0, isFull: false };
    segmentLimit = segmentBytes;
  }

  function put(file: number, bytes: Buffer, position: number): void {
    if (writeAt(file, bytes, 0, bytes.length, position) < bytes.length)
      throw new Error("the disk took only a part");
  }

  /** Begins the next segment; where the disk has no room for it, this one goes on and it is tried again later. */
  function rotate(old: Segment): void {
    if (attempt(() => begin(old.number + 1)) === undefined) old.isFull = true;
    else segmentLimit += segmentBytes;
  }

  /** The place of records that could not be written whole is that of the next ones. */
  function writePending(): Segment | undefined {
    const current = segment;
    if (!current || pendingBytes === 0) return current;
    const records = pending.subarray(0, pendingBytes);
    fault = attempt(() => put(current.file, records, current.size));
    if (fault !== undefined) return undefined;
    current.size += pendingBytes;
    pendingBytes = 0;
    return current;
  }

  function closeSegment(old: Segment): void {
    closeSync(old.file);
    unlinkSync(fileOf(directory, owner, old.number));
  }

  return {
    owner,
    fault() {
      const current = segment;
      if (fault !== undefined)
        fault = attempt(() =>
          current ? put(current.file, blank.subarray(0, recordBytes), current.size) : begin(1),
        );
      return fault;
    },
    noteStart(delivery) {
      const before = pendingBytes;
      pendingBytes = encode(pending, before, started, delivery, 0, null);
      const holder = writePending();
      if (!holder) {
        pendingBytes = before;
        return false;
      }
      holder.open++;
      holders.set(delivery.deliveryId, holder);
      if (holder.size >= segmentLimit) rotate(holder);
      return true;
    },
    noteReply(delivery, code, enhanced) {
      if (pendingBytes === keptRecords * recordBytes && !writePending()) return;
      pendingBytes = encode(pending, pendingBytes, replied, delivery, code, enhanced);
      if (isWriteDue) return;
      isWriteDue = true;
      setImmediate(() => {
        isWriteDue = false;
        writePending();
      });
    },
    noteSettled({ deliveryId }) {
      const holder = holders.get(deliveryId);
      if (!holder) return;
      holders.delete(deliveryId);
      holder.open--;
      if (holder.isFull && holder.open === 0) closeSegment(holder);
    },
    close() {
      writePending();
      for (const old of new Set(holders.values())) if (old !== segment) closeSync(old.file);
      if (!segment) return;
      closeSync(segment.file);
      // Nothing under way: nobody will ever ask.
      if (holders.size === 0) unlinkSync(fileOf(directory, owner, segment.number));
    },
  };
}

/** Writes a record at a place and gives the place behind it. */
function encode(
  into: Buffer,
  at: number,
  kind: number,
  { deliveryId, attempt: number }: Attempt,
  code: number,
  enhanced: string | null,
): number {
  const [subject, detail] = statusOf(enhanced);
  writeId(into, at, deliveryId);
  into[at + 8] = kind;
  into[at + 9] = Math.min(number, 255);
  into[at + 10] = code >> 8;
  into[at + 11] = code;
  into[at + 12] = Math.min(subject, 255);
  into[at + 13] = detail >> 8;
  into[at + 14] = detail;
  into[at + 15] = checkOf(into, at);
  return at + recordBytes;
}

/** Ids below 2^53, so nearly all, need no big integers. */
function writeId(into: Buffer, at: number, deliveryId: string): void {
  const id = Number(deliveryId);
  if (id > Number.MAX_SAFE_INTEGER) {
    into.writeBigUInt64BE(BigInt(deliveryId), at);
    return;
  }
  let high = Math.floor(id / 0x1_0000_0000);
  let low = id >>> 0;
  for (let i = 3; i >= 0; i--) {
    into[at + i] = high;
    into[at + 4 + i] = low;
    high >>>= 8;
    low >>>= 8;
  }
}

const noStatus = [0, 0] as const;
let lastStatus: { readonly text: string; readonly numbers: readonly [number, number] } = {
  text: "",
  numbers: noStatus,
};

/** Subject and detail of an enhanced status; servers say the same one again and again. */
function statusOf(enhanced: string | null): readonly [number, number] {
  if (enhanced === null) return noStatus;
  if (enhanced !== lastStatus.text) {
    const [, subject = "0", detail = "0"] = enhanced.split(".");
    lastStatus = { text: enhanced, numbers: [Number(subject), Math.min(Number(detail), 65_535)] };
  }
  return lastStatus.numbers;
}

/** Does it; says why it could not be done. */
function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
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
    // Nobody has written any yet, or nobody could.
    if (!(error instanceof Error && "code" in error && /^(ENOENT|ENOTDIR)$/.test(String(error.code))))
      throw error;
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
