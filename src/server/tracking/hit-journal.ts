import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { type FileHandle, open, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { encodeRecords } from "./journal-record.ts";

/** A file of the journal as the flusher sees it: everything below `syncedBytes` is on the disk. */
export type JournalFile = { readonly path: string; readonly syncedBytes: number; readonly isClosed: boolean };

/** An append-only local journal: what `append` promised survives kill -9 and power loss. One per process and directory. */
export type HitJournal = {
  readonly directory: string;
  /** Of this process and directory; the names of its files begin with it. */
  readonly name: string;
  /** Resolves once the text is on the disk. Calls that meet share one write and one fsync. Rejects if the disk says no. */
  readonly append: (text: string) => Promise<void>;
  /** The files of this process that were not let go yet, oldest first. */
  readonly files: () => readonly JournalFile[];
  /** Goes on in a new file, so that the current one can be deleted once it is in the database. */
  readonly rotate: () => Promise<void>;
  /** Tells the journal that a file is dealt with and deleted. */
  readonly forget: (path: string) => void;
  readonly close: () => Promise<void>;
};

const rotateBytes = 8 * 1024 * 1024;
const heartbeatMilliseconds = 10_000;

/** Instances that live in this very process, by the middle of their file names. */
const liveHere = new Set<string>();
const host = hostname().replace(/[^a-zA-Z0-9]/g, "") || "host";

/** Whose file it is, from its name; undefined for a file that is no journal. */
export function ownerOf(
  fileName: string,
): { readonly host: string; readonly pid: number; readonly isHere: boolean } | undefined {
  const match = /^([A-Za-z0-9]+)-(\d+)-([a-z0-9]+)-\d+\.log$/.exec(fileName);
  if (!match) return undefined;
  const [, owner = "", pid = "", instance = ""] = match;
  return { host: owner, pid: Number(pid), isHere: liveHere.has(instance) };
}

/**
 * Says whether whoever wrote a file is gone, so that another process may take it over. On this machine a missing
 * process is proof; else, and against reused process numbers, a missing heartbeat of a minute is.
 */
export function isOrphan(fileName: string, silentMilliseconds: number): boolean {
  const owner = ownerOf(fileName);
  if (!owner || owner.isHere) return false;
  if (owner.host === host && (owner.pid === process.pid || !isRunning(owner.pid))) return true;
  return silentMilliseconds > 6 * heartbeatMilliseconds;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The bounds of a journal. */
export type JournalBounds = {
  /** What all journals in the directory may take together; without it, what the disk has. */
  readonly maxBytes?: number;
  /** How long nothing is tried after the disk said no. */
  readonly restMilliseconds?: number;
};

type Waiting = {
  readonly text: string;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
};
type OpenFile = { readonly path: string; readonly handle: FileHandle; syncedBytes: number };

/** Opens a journal in a directory. Files left there by a process that died are the flusher's to find. */
export function openHitJournal(
  directory: string,
  { maxBytes = Number.POSITIVE_INFINITY, restMilliseconds = 0 }: JournalBounds = {},
): HitJournal {
  mkdirSync(directory, { recursive: true });
  const instance = `${randomBytes(5).toString("hex")}`;
  const name = `${host}-${process.pid}-${instance}`;
  liveHere.add(instance);
  let sequence = 0;
  let current: OpenFile | undefined;
  let closed: JournalFile[] = [];
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let rotateNext = false;
  let ownBytes = 0;
  let otherBytes = measureOthers(directory, name);
  let refusal: Error | undefined;
  let restsUntil = 0;

  /** [T45] Why nothing can be kept now, without trying. */
  function findRefusal(): Error | undefined {
    if (ownBytes + otherBytes >= maxBytes)
      return new Error(`The journal has reached its size of ${maxBytes} bytes.`);
    return refusal && performance.now() < restsUntil ? refusal : undefined;
  }

  async function openNext(): Promise<OpenFile> {
    const path = join(directory, `${name}-${++sequence}.log`);
    const handle = await open(path, "ax");
    // The name must be as durable as the content.
    try {
      const folder = await open(directory, "r");
      await folder.sync().finally(() => folder.close());
    } catch (error) {
      await handle.close();
      throw error;
    }
    return { path, handle, syncedBytes: 0 };
  }

  async function closeCurrent(): Promise<void> {
    const file = current;
    current = undefined;
    if (!file) return;
    closed = [...closed, { path: file.path, syncedBytes: file.syncedBytes, isClosed: true }];
    await file.handle.close();
  }

  async function writeGroup(group: readonly Waiting[]): Promise<void> {
    let isWriting = true;
    try {
      if (current && (rotateNext || current.syncedBytes > rotateBytes)) await closeCurrent();
      rotateNext = false;
      current ??= await openNext();
      const bytes = encodeRecords(group.map(({ text }) => text));
      for (let written = 0; written < bytes.length; )
        written += (await current.handle.write(bytes, written)).bytesWritten;
      isWriting = false;
      await current.handle.datasync();
      current.syncedBytes += bytes.length;
      ownBytes += bytes.length;
      for (const each of group) each.done();
    } catch (error) {
      refusal = error instanceof Error ? error : new Error(String(error));
      restsUntil = performance.now() + restMilliseconds;
      if (!isWriting || !(await cutBack())) await closeCurrent().catch(() => undefined);
      for (const each of group) each.failed(error);
    }
  }

  /** A half-written record would hide everything behind it: it is cut off, or else the file is not written to again. */
  async function cutBack(): Promise<boolean> {
    const file = current;
    if (!file) return true;
    return file.handle.truncate(file.syncedBytes).then(
      () => true,
      () => false,
    );
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await writeGroup(group);
    }
    writing = undefined;
  }

  const heartbeat = setInterval(() => {
    otherBytes = measureOthers(directory, name);
    if (current) void utimes(current.path, new Date(), new Date()).catch(() => undefined);
  }, heartbeatMilliseconds);
  heartbeat.unref();

  return {
    directory,
    name,
    append(text) {
      const refused = findRefusal();
      if (refused) return Promise.reject(refused);
      return new Promise((done, failed) => {
        waiting.push({ text, done, failed });
        writing ??= writeAll();
      });
    },
    files: () => [
      ...closed,
      ...(current ? [{ path: current.path, syncedBytes: current.syncedBytes, isClosed: false }] : []),
    ],
    async rotate() {
      rotateNext = true;
      if (!writing) await closeCurrent();
    },
    forget(path) {
      ownBytes -= closed.find((file) => file.path === path)?.syncedBytes ?? 0;
      closed = closed.filter((file) => file.path !== path);
    },
    async close() {
      clearInterval(heartbeat);
      while (writing) await writing;
      await closeCurrent();
      liveHere.delete(instance);
    },
  };
}

/** What the files of other processes in a directory take, of living and dead ones. */
function measureOthers(directory: string, name: string): number {
  const isOther = (file: string) => file.endsWith(".log") && !file.startsWith(`${name}-`);
  const sizeOf = (file: string) => statSync(join(directory, file), { throwIfNoEntry: false })?.size ?? 0;
  try {
    return readdirSync(directory)
      .filter(isOther)
      .reduce((sum, file) => sum + sizeOf(file), 0);
  } catch {
    return 0; // a directory that is gone holds nothing
  }
}
