import type { Database, Log, Queries } from "../platform/index.ts";
import { sql } from "../platform/index.ts";

/** How often something happened on one way in, the last time, and why something was refused. */
export type FeedbackTotal = {
  readonly way: string;
  readonly kind: string;
  readonly total: number;
  readonly lastAt: Date;
  readonly note: string | null;
};

type Addition = { readonly kind: string; readonly count: number; readonly note?: string };

/** Adds to the totals of a way in. */
export async function addTotals(db: Queries, way: string, additions: readonly Addition[]): Promise<void> {
  // In one order, so that no two wait for each other in a circle.
  const ordered = additions.filter(({ count }) => count > 0).sort((a, b) => (a.kind < b.kind ? -1 : 1));
  if (ordered.length === 0) return;
  await db.run(sql`
    insert into feedback_totals (way, kind, total, note)
    select ${way}, kind, count, note
    from unnest(${ordered.map(({ kind }) => kind)}::text[], ${ordered.map(({ count }) => count)}::bigint[],
                ${ordered.map(({ note }) => note ?? null)}::text[]) added(kind, count, note)
    on conflict (way, kind) do update set
      total = feedback_totals.total + excluded.total, last_at = now(), note = coalesce(excluded.note, feedback_totals.note)`);
}

/** All totals, or those of ways that begin with a word. */
export function listTotals(db: Queries, beginning = ""): Promise<FeedbackTotal[]> {
  return db.rows<FeedbackTotal>(sql`
    select way, kind, total::float8 as total, last_at as "lastAt", note from feedback_totals
    where starts_with(way, ${beginning}) order by way, kind`);
}

/** Forgets the totals of a way in that is no more. */
export async function forgetTotals(db: Queries, way: string): Promise<void> {
  await db.run(sql`delete from feedback_totals where way = ${way}`);
}

export type Tally = {
  /** Counts one; written within a second together with the others. */
  readonly add: (way: string, kind: string, note?: string) => void;
  readonly stop: () => Promise<void>;
};

const pauseMilliseconds = 1000;
const longestNote = 300;

/**
 * Counts what strangers do. It is gathered in memory and written once a second, so that a flood of it is no flood of
 * writes; what a crash takes with it is missing from the count, and nothing else.
 */
export function startTally(db: Database, log: Log): Tally {
  let held = new Map<string, { way: string; kind: string; count: number; note?: string }>();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const additions = [...held.values()];
    held = new Map();
    for (const { way, ...addition } of additions)
      await addTotals(db, way, [addition]).catch((error: unknown) =>
        log.warn({ way, reason: String(error) }, "what was refused could not be counted"),
      );
  }
  function writeNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  }
  return {
    add(way, kind, note) {
      const key = `${way} ${kind}`;
      const before = held.get(key)?.count ?? 0;
      held.set(key, {
        way,
        kind,
        count: before + 1,
        ...(note === undefined ? {} : { note: note.slice(0, longestNote) }),
      });
      timer ??= setTimeout(() => void writeNow(), pauseMilliseconds).unref();
    },
    stop: writeNow,
  };
}
