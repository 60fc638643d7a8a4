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
import {
  type Attempt,
  encodeRecord,
  kindOffset,
  type Noted,
  recordBytes,
  recordsOf,
  replied,
  started,
} from "./record.ts";

/** So many records may wait for the write that takes them along. */
const keptRecords = 512;

/** A new file is begun at this size; an old one is deleted once all it speaks of is in the database. */
const segmentBytes = 4 * 1024 * 1024;

export type Journal = {
  readonly owner: string;
  /** [D60] Why nothing can be noted just now, undefined if it can: tried by a write. */
  readonly fault: () => string | undefined;
  /** [D60] Resolves before the event loop turns; false if it could not be noted whole: then the dot must not follow. */
  readonly noteStart: (delivery: Attempt) => Promise<boolean>;
  /** One that cannot be noted is lost only if the process dies before the fate is committed: then it is in doubt. */
  readonly noteReply: (delivery: Attempt, code: number, enhanced: string | null) => void;
  /** Says that the fate of a started delivery is committed in the database. */
  readonly noteSettled: (delivery: Attempt) => void;
  readonly close: () => void;
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

type Starting = { readonly deliveryId: string; readonly noted: (isNoted: boolean) => void };

/** How bytes get into a file; as `writeSync`. */
export type WriteAt = (
  file: number,
  bytes: Buffer,
  offset: number,
  length: number,
  position: number,
) => number;

/**
 * Opens the journal of this process. [D8] What a sender did is noted on its own disk: S just before the bytes with the final dot are
 * written, R when the reply to it is there. All that one turn of the event loop brings is noted by one write, without fsync: it
 * survives kill -9 of the process; what a power cut may take is made up for by counting the whole batch as in doubt. Every
 * segment is deleted when all that it speaks of is settled. It never throws: [D60] a directory or a disk that takes nothing
 * is a fault that may pass.
 */
export function openJournal(directory: string, owner: string, writeAt: WriteAt = writeSync): Journal {
  /** Records of this turn, which are not written yet, and those who wait for it. */
  const pending = Buffer.alloc(keptRecords * recordBytes);
  let pendingBytes = 0;
  let starting: Starting[] = [];
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

  /** Adds a record to those of this turn. */
  function add(kind: number, delivery: Attempt, code: number, enhanced: string | null): void {
    if (pendingBytes === pending.length) writePending();
    pendingBytes = encodeRecord(pending, pendingBytes, kind, delivery, code, enhanced);
    if (isWriteDue) return;
    isWriteDue = true;
    setImmediate(() => {
      isWriteDue = false;
      writePending();
    });
  }

  /** The place of records that could not be written whole is that of the next ones; only replies are tried again. */
  function writePending(): void {
    const current = segment;
    const waiting = starting;
    starting = [];
    if (current && pendingBytes > 0)
      fault = attempt(() => put(current.file, pending.subarray(0, pendingBytes), current.size));
    const isNoted = current !== undefined && fault === undefined;
    if (isNoted) {
      current.size += pendingBytes;
      pendingBytes = 0;
      for (const { deliveryId } of waiting) holders.set(deliveryId, current);
      current.open += waiting.length;
      if (current.size >= segmentLimit) rotate(current);
    } else keepReplies();
    for (const { noted } of waiting) noted(isNoted);
  }

  /** While nothing can be noted no dot is written, so few replies come; of too many the first are let go. */
  function keepReplies(): void {
    let kept = 0;
    const room = pending.length - recordBytes;
    for (let at = 0; at < pendingBytes && kept < room; at += recordBytes) {
      if (pending[at + kindOffset] !== replied) continue;
      pending.copy(pending, kept, at, at + recordBytes);
      kept += recordBytes;
    }
    pendingBytes = kept;
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
    noteStart: (delivery) =>
      new Promise((noted) => {
        add(started, delivery, 0, null);
        starting.push({ deliveryId: delivery.deliveryId, noted });
      }),
    noteReply: (delivery, code, enhanced) => add(replied, delivery, code, enhanced),
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
