import { refuse } from "#contract/errors.ts";
import { type Database, type Queries, sql } from "../platform/index.ts";

/** SQLSTATE of a statement that was cancelled, here always by the timeout. */
const cancelled = "57014";

/**
 * Runs reads that a person waits for: each statement may take five seconds, else the request is refused.
 *
 * More memory than usual keeps the hashes of "who clicked" whole: with the default 4 MB, a rule that half of 1,000,000
 * contacts fulfil falls back to a look into the index per contact. Compiling (JIT) costs more than it saves here,
 * and so do parallel workers on few cores: each of them counts "at least 3 times" anew (2.3 s alone, 7.7 s as three, on
 * two busy cores), and they would take the processor away from sending.
 */
export async function readInTime<Value>(
  db: Database,
  read: (tx: Queries) => Promise<Value>,
  limitMilliseconds = 5000,
): Promise<Value> {
  try {
    return await db.transaction(async (tx) => {
      await tx.rows(sql`
        select set_config('statement_timeout', ${String(limitMilliseconds)}, true),
          set_config('work_mem', '64MB', true), set_config('jit', 'off', true),
          set_config('max_parallel_workers_per_gather', '0', true),
          set_config('transaction_read_only', 'on', true)`);
      return read(tx);
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === cancelled)
      return refuse("segment.too-slow");
    throw error;
  }
}
