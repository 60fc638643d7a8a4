import { sql } from "./db/sql.ts";
import type { Platform } from "./index.ts";

/**
 * A job that comes again and again: each run queues the next one, and there is never more than one that waits, however many
 * processes there are. `prepare` makes sure that there is one.
 */
export function repeatJob(
  { db, jobs }: Pick<Platform, "db" | "jobs">,
  kind: string,
  pauseSeconds: number,
  work: () => Promise<unknown>,
): { readonly prepare: () => Promise<void> } {
  async function queueNext(): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.run(sql`select pg_advisory_xact_lock(hashtext(${kind}))`);
      const waits = await tx.first(sql`
        select from jobs where kind = ${kind} and (lease_until is null or lease_until < now()) limit 1`);
      if (!waits) await jobs.enqueue(tx, kind, {}, pauseSeconds);
    });
  }
  jobs.define(kind, async () => {
    await work();
    await queueNext();
  });
  return { prepare: queueNext };
}
