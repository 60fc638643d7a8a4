import { open, readdir, rename, stat, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { Hit } from "#core/tracking/hit.ts";
import type { Log } from "../platform/index.ts";
import { createHeldHits, type HeldHit, type HeldHits } from "./held-hits.ts";
import { type HitJournal, isOrphan } from "./hit-journal.ts";
import { decodeRecords } from "./journal-record.ts";

/** The hits between the journal and the database: read from files, held in memory until they are settled. */
export type HitShelf = {
  /** Reads what came in since, from this process's files and from those that dead processes left. */
  readonly fill: () => Promise<void>;
  readonly held: Pick<HeldHits, "first" | "followedOf">;
  /** True if all that this process, or a dead one before it, put on the disk is settled, as of the last `fill`. */
  readonly isEmpty: () => boolean;
  /** Lets go of hits that are in the database, and deletes files of which nothing is left. */
  readonly settle: (settled: readonly HeldHit[]) => Promise<void>;
};

type Source = {
  readonly path: string;
  readonly isOwn: boolean;
  readBytes: number;
  unsettled: number;
  isFinished: boolean;
  isDamaged: boolean;
};

/** What is held at most, so that an outage of the database costs disk and not memory. */
const maxHeld = 20_000;
/** Small, so that reading never keeps a click waiting for long. */
const readBytes = 32 * 1024;
/** The active file is replaced when it is all in the database and larger than this. */
const idleRotateBytes = 256 * 1024;

/** Creates the shelf over one journal. */
export function createHitShelf(journal: HitJournal, log: Log): HitShelf {
  const sources = new Map<string, Source>();
  const held = createHeldHits();
  let hasLooked = false;

  async function adoptOrphans(): Promise<void> {
    for (const name of await readdir(journal.directory)) {
      const path = join(journal.directory, name);
      if (sources.has(path) || !name.endsWith(".log")) continue;
      const found = await stat(path).catch(() => undefined);
      if (found && isOrphan(name, Date.now() - found.mtimeMs)) {
        sources.set(path, {
          path,
          isOwn: false,
          readBytes: 0,
          unsettled: 0,
          isFinished: false,
          isDamaged: false,
        });
        log.info({ file: name, bytes: found.size }, "hits of an earlier process are taken over");
      }
    }
  }

  /** Reads on in one file up to `end`; a file that will not grow is finished at its last whole record. */
  async function readOn(source: Source, end: number, mayGrow: boolean): Promise<void> {
    const file = await open(source.path, "r").catch(() => undefined);
    if (!file) return void sources.delete(source.path); // another process was quicker
    try {
      while (source.readBytes < end && held.count() < maxHeld) {
        const bytes = Buffer.alloc(Math.min(readBytes, end - source.readBytes));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, source.readBytes);
        const { texts, usedBytes, isDamaged } = decodeRecords(bytes.subarray(0, bytesRead));
        for (const text of texts) hold(text, source);
        source.readBytes += usedBytes;
        if (usedBytes > 0 && !isDamaged) continue;
        if (!mayGrow) finishAtDamage(source, end, isDamaged);
        return;
      }
      if (!mayGrow && source.readBytes >= end) source.isFinished = true;
    } finally {
      await file.close();
    }
  }

  /** A torn last record was never acknowledged. Damage before the end is kept aside for a person to look at. */
  function finishAtDamage(source: Source, end: number, isDamaged: boolean): void {
    source.isFinished = true;
    source.isDamaged = isDamaged;
    if (isDamaged)
      log.error(
        { file: basename(source.path), at: source.readBytes, size: end },
        "a hit journal is damaged; the file is kept as .damaged",
      );
  }

  function hold(text: string, source: Source): void {
    const parsed = Hit.safeParse(parseJson(text));
    if (!parsed.success) {
      log.error({ reason: parsed.error.message }, "a journal record is no hit");
      return;
    }
    held.add({ hit: parsed.data, path: source.path });
    source.unsettled += 1;
  }

  async function removeDone(): Promise<void> {
    for (const source of [...sources.values()]) {
      if (!source.isFinished || source.unsettled > 0) continue;
      const removed = source.isDamaged ? rename(source.path, `${source.path}.damaged`) : unlink(source.path);
      await removed.catch(() => undefined); // another process was quicker
      sources.delete(source.path);
      if (source.isOwn) journal.forget(source.path);
    }
  }

  return {
    async fill() {
      await adoptOrphans();
      for (const { path } of journal.files())
        if (!sources.has(path))
          sources.set(path, {
            path,
            isOwn: true,
            readBytes: 0,
            unsettled: 0,
            isFinished: false,
            isDamaged: false,
          });
      const own = new Map(journal.files().map((file) => [file.path, file]));
      for (const source of sources.values()) {
        if (source.isFinished || held.count() >= maxHeld) continue;
        const file = own.get(source.path);
        const size = file?.syncedBytes ?? (await stat(source.path).catch(() => ({ size: 0 }))).size;
        await readOn(source, size, file !== undefined && !file.isClosed);
      }
      const active = journal.files().find((file) => !file.isClosed);
      if (active && active.syncedBytes > idleRotateBytes && held.count() === 0) await journal.rotate();
      await removeDone();
      hasLooked = true;
    },
    held,
    isEmpty: () =>
      hasLooked &&
      held.count() === 0 &&
      journal.files().every(({ path, syncedBytes }) => (sources.get(path)?.readBytes ?? 0) >= syncedBytes) &&
      [...sources.values()].every(({ isOwn, isFinished }) => isOwn || isFinished),
    async settle(settled) {
      held.remove(settled);
      for (const { path } of settled) {
        const source = sources.get(path);
        if (source) source.unsettled -= 1;
      }
      await removeDone();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
