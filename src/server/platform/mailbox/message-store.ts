import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock.ts";
import { readSubject } from "./read-subject.ts";
import { encodeRecord, type MessageHead, scanSegment } from "./segment.ts";

export type Limits = {
  /** The oldest go first, a file at a time. */
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly segmentMessages: number;
  readonly segmentBytes: number;
};

export const usualLimits: Limits = {
  maxMessages: 100_000,
  maxBytes: 2 * 1024 ** 3,
  segmentMessages: 2_000,
  segmentBytes: 64 * 1024 ** 2,
};

export type Incoming = { readonly from: string; readonly to: readonly string[]; readonly raw: Buffer };

export type Search = {
  /** Part of an address, alone. */
  readonly to?: string;
  /** Part of an address or of the subject. */
  readonly words?: string;
  readonly offset?: number;
  readonly limit: number;
};

export type MessageStore = {
  /**
   * Resolves when the message outlives this process. It reaches the disk within a second: waiting for that would hold
   * senders to some hundred messages a second, and nobody needs test mail after a power cut.
   */
  readonly append: (message: Incoming) => Promise<void>;
  /** Newest first; `total` counts all that match. */
  readonly list: (search: Search) => { readonly messages: readonly MessageHead[]; readonly total: number };
  readonly read: (id: number) => Promise<{ readonly head: MessageHead; readonly raw: Buffer } | undefined>;
  readonly close: () => Promise<void>;
};

type Segment = { readonly path: string; readonly number: number; size: number; count: number };
type Entry = { readonly head: MessageHead; readonly segment: Segment; readonly rawAt: number };
type Waiting = {
  readonly message: Incoming;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
};

/** Opens the messages kept in `directory`: files that only grow, and an index of their heads in memory. */
export function openMessageStore(
  directory: string,
  clock: Clock,
  limits: Limits = usualLimits,
): MessageStore {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { segments, entries } = load(directory);
  let nextId = (entries.at(-1)?.head.id ?? 0) + 1;
  let bytes = segments.reduce((sum, { size }) => sum + size, 0);
  let file: FileHandle | undefined;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  async function currentSegment(): Promise<{ segment: Segment; handle: FileHandle }> {
    const last = segments.at(-1);
    if (last && last.size < limits.segmentBytes && last.count < limits.segmentMessages) {
      file ??= await open(last.path, "a");
      return { segment: last, handle: file };
    }
    await file?.close();
    const number = (last?.number ?? 0) + 1;
    const segment = { path: pathOf(directory, number), number, size: 0, count: 0 };
    file = await open(segment.path, "a", 0o600);
    segments.push(segment);
    dropOldest();
    return { segment, handle: file };
  }

  function dropOldest(): void {
    while (segments.length > 1 && (entries.length > limits.maxMessages || bytes > limits.maxBytes)) {
      const oldest = segments.shift();
      if (!oldest) return;
      entries.splice(0, oldest.count);
      bytes -= oldest.size;
      rmSync(oldest.path, { force: true });
    }
  }

  async function write(batch: readonly Waiting[]): Promise<void> {
    const { segment, handle } = await currentSegment();
    const parts: Buffer[] = [];
    const added: Entry[] = [];
    let at = segment.size;
    for (const { message } of batch) {
      const head = toHead(message, nextId + added.length, clock.now());
      const record = encodeRecord(head, message.raw);
      parts.push(...record.parts);
      added.push({ head, segment, rawAt: at + record.rawAt });
      at += record.length;
    }
    try {
      await handle.writev(parts);
    } catch (error) {
      await handle.truncate(segment.size); // a full disk must not leave half a record in the middle
      throw error;
    }
    nextId += added.length;
    bytes += at - segment.size;
    segment.size = at;
    segment.count += added.length;
    for (const entry of added) entries.push(entry);
  }

  /** Whatever arrived during the last write shares the next one. */
  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 500);
      await write(batch).then(
        () => batch.forEach(({ done }) => void done()),
        (error: unknown) => batch.forEach(({ failed }) => void failed(error)),
      );
    }
  }

  const flushing = setInterval(() => void file?.datasync().catch(() => undefined), 1000).unref();

  return {
    append: (message) =>
      new Promise((done, failed) => {
        waiting.push({ message, done, failed });
        writing ??= writeWaiting().finally(() => {
          writing = undefined;
        });
      }),
    list: (search) => listEntries(entries, search),
    async read(id) {
      const entry = entries[id - (entries[0]?.head.id ?? 0)];
      if (!entry) return undefined;
      const handle = await open(entry.segment.path, "r");
      try {
        const raw = Buffer.alloc(entry.head.size);
        await handle.read(raw, 0, raw.length, entry.rawAt);
        return { head: entry.head, raw };
      } finally {
        await handle.close();
      }
    },
    async close() {
      clearInterval(flushing);
      await writing;
      await file?.datasync();
      waiting = [];
      await file?.close();
      file = undefined;
    },
  };
}

function toHead({ from, to, raw }: Incoming, id: number, now: Date): MessageHead {
  const subject = readSubject(raw);
  return { id, receivedAt: now.toISOString(), from, to: [...to], subject, size: raw.length };
}

function listEntries(entries: readonly Entry[], { to, words, offset = 0, limit }: Search) {
  const address = to?.toLowerCase();
  const wanted = words?.toLowerCase();
  const messages: MessageHead[] = [];
  let total = 0;
  for (let index = entries.length - 1; index >= 0; index--) {
    const head = entries[index]?.head;
    if (!head || (address && !head.to.some((each) => each.toLowerCase().includes(address)))) continue;
    if (wanted && !`${head.to.join(" ")} ${head.from} ${head.subject}`.toLowerCase().includes(wanted))
      continue;
    if (total >= offset && messages.length < limit) messages.push(head);
    total++;
  }
  return { messages, total };
}

function pathOf(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(10, "0")}.mail`);
}

function load(directory: string): { segments: Segment[]; entries: Entry[] } {
  const segments: Segment[] = [];
  const entries: Entry[] = [];
  for (const name of readdirSync(directory).sort()) {
    const number = Number(/^(\d{10})\.mail$/.exec(name)?.[1]);
    if (!number) continue;
    const path = join(directory, name);
    const { records, size } = scanSegment(path);
    const segment = { path, number, size, count: records.length };
    segments.push(segment);
    for (const { head, rawAt } of records) entries.push({ head, segment, rawAt });
  }
  return { segments, entries };
}
