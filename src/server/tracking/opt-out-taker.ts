import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  forgetOptOutTakers,
  hearOptOutTaker,
  listTakersBeside,
  type OptOutTaker,
  takerPauseMilliseconds,
} from "../delivery/index.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import { type HitJournal, isOrphan } from "./hit-journal.ts";
import type { HitShelf } from "./hit-shelf.ts";
import { repeat } from "./repeat.ts";

/** How to tell senders that no unsubscribe waits here. */
export type OptOutTaking = {
  readonly platform: Pick<Platform, "db" | "log">;
  readonly journal: HitJournal;
  readonly shelf: HitShelf;
  /** Brings what waits to the database; returns how many that was. */
  readonly drain: () => Promise<number>;
};

const lookMilliseconds = 250;
const retryMilliseconds = 100;
/** After the database was away senders wait for word, so it is given more often for a while. */
const eagerMilliseconds = 10_000;

/**
 * [T40] Starts taking unsubscribes: brings what is on the disk to the database, and only then, every two seconds, says to senders
 * that nothing waits. The returned function says goodbye; what it cannot bring any more stays on the disk, and its silence is noticed.
 */
export function startOptOutTaker(taking: OptOutTaking): () => Promise<void> {
  const { journal, shelf, drain, platform } = taking;
  const me: OptOutTaker = { name: journal.name, node: nodeOf(journal.directory) };
  let toldAt = Number.NEGATIVE_INFINITY;
  let eagerUntil = Number.POSITIVE_INFINITY;

  async function round(): Promise<number> {
    await drain();
    const now = performance.now();
    const pause = now < eagerUntil ? lookMilliseconds : takerPauseMilliseconds;
    if (!shelf.isEmpty()) return retryMilliseconds;
    if (now - toldAt >= pause && (await tell(taking, me))) {
      toldAt = now;
      if (eagerUntil === Number.POSITIVE_INFINITY) eagerUntil = now + eagerMilliseconds;
    }
    return lookMilliseconds;
  }

  const stop = repeat(round, () => {
    eagerUntil = Number.POSITIVE_INFINITY;
    return shelf.isEmpty() ? lookMilliseconds : retryMilliseconds;
  });
  return async () => {
    await stop();
    try {
      await drain();
      if (shelf.isEmpty()) await forgetOptOutTakers(platform.db, [me.name]);
    } catch (error) {
      platform.log.warn(
        { reason: String(error) },
        "senders could not be told that this process takes no more",
      );
    }
  };
}

/** Says it, unless something came in the meantime. Takers that died here have left nothing either, so they are forgotten. */
function tell({ platform, journal, shelf }: OptOutTaking, me: OptOutTaker): Promise<boolean> {
  return platform.db.transaction(async (tx) => {
    if (!shelf.isEmpty()) return false;
    await hearOptOutTaker(tx, me);
    await forgetOptOutTakers(tx, await listDead(tx, journal, me));
    return true;
  });
}

async function listDead(tx: Transaction, { directory }: HitJournal, me: OptOutTaker): Promise<string[]> {
  const beside = await listTakersBeside(tx, me);
  if (beside.length === 0) return [];
  const files = readdirSync(directory);
  return beside
    .filter(({ name, silentMilliseconds }) => isOrphan(`${name}-0.log`, silentMilliseconds))
    .filter(({ name }) => !files.some((file) => file.startsWith(`${name}-`) && file.endsWith(".log")))
    .map(({ name }) => name);
}

/** What all processes that share a directory call it. */
function nodeOf(directory: string): string {
  const file = join(directory, "node");
  try {
    writeFileSync(file, randomUUID(), { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(file, "utf8");
}
