import { type Database, type Queries, sql } from "../platform/index.ts";
import { deliveryChannel } from "./enqueue-recipients.ts";

/** What a notification says when a mailing, or all sending, was stopped or goes on. */
export const haltNotice = "halt";

/** Tells every sender, when this transaction commits, that something was stopped or goes on. */
export async function tellOfHalt(tx: Queries): Promise<void> {
  await tx.run(sql`select pg_notify(${deliveryChannel}, ${haltNotice})`);
}

/** Which of the mailings under way in this process are stopped. */
export type Halts = {
  /** Says that something of a mailing is under way; the returned function, that it is no more. */
  readonly watch: (mailingId: string) => () => void;
  readonly includes: (mailingId: string) => boolean;
  /** Looks at the database now. While it is away, what was known stays. */
  readonly look: () => Promise<void>;
  readonly stop: () => void;
};

/** A notification that got lost costs so much; together with the look itself well within two seconds. */
const lookMilliseconds = 1000;

/**
 * [D4] Watches whether what was begun may still leave. Asking costs one look into a set that is nearly always empty; the
 * database is asked on a notification and once a second, by primary key. `halted` is called when something was stopped.
 */
export function watchHalts(db: Database, halted: () => void): Halts {
  const watched = new Map<string, number>();
  let stopped: ReadonlySet<string> = new Set();
  let looking: Promise<void> | undefined;
  let mustRepeat = false;

  async function read(): Promise<void> {
    const rows = await db.rows<{ id: string }>(sql`
      select id from mailings where id = any(${[...watched.keys()]}::bigint[])
        and (state <> 'running' or exists (select from settings where key = 'delivery.stopped'))`);
    const before = stopped;
    stopped = new Set(rows.map(({ id }) => id));
    if (rows.some(({ id }) => !before.has(id))) halted();
  }

  async function look(): Promise<void> {
    if (looking) {
      // What is being read may be older than what we were told.
      mustRepeat = true;
      return looking;
    }
    looking = (async () => {
      do {
        mustRepeat = false;
        if (watched.size > 0) await read().catch(() => undefined);
        else stopped = new Set();
      } while (mustRepeat);
    })().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  const timer = setInterval(() => void look(), lookMilliseconds);
  return {
    watch(mailingId) {
      watched.set(mailingId, (watched.get(mailingId) ?? 0) + 1);
      // The database has just given something of it: it may go on already.
      if (stopped.has(mailingId)) void look();
      return () => {
        const left = (watched.get(mailingId) ?? 1) - 1;
        if (left > 0) watched.set(mailingId, left);
        else watched.delete(mailingId);
      };
    },
    includes: (mailingId) => stopped.size > 0 && stopped.has(mailingId),
    look,
    stop: () => clearInterval(timer),
  };
}
