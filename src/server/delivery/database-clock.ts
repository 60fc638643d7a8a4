import { performance } from "node:perf_hooks";
import { type Clock, type Database, sql } from "../platform/index.ts";

/**
 * [D61] The database's time as this process knows it: read now and then, and carried on by a clock that never jumps. What is
 * due and what expires is compared with the database's clock, so it is reckoned from that one; until the first
 * reading it is the application's.
 */
export function databaseClock(db: Database, { now }: Clock): Clock & { readonly read: () => Promise<void> } {
  let ahead: number | undefined;
  return {
    now: () => (ahead === undefined ? now() : new Date(performance.now() + ahead)),
    async read() {
      const asked = performance.now();
      const row = await db.first<{ now: Date }>(sql`select clock_timestamp() as now`);
      if (row) ahead = row.now.getTime() - (asked + performance.now()) / 2;
    },
  };
}
