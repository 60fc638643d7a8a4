import { type Database, loadStatement } from "../platform/index.ts";

const skipChunk = loadStatement(import.meta.url, "./queries/skip-chunk.sql");
const skipRetries = loadStatement(import.meta.url, "./queries/skip-retries.sql");

/**
 * [D17] Writes down as skipped what will not be sent: what waits in cancelled mailings, and chunks whose time is over. Chunks
 * under way are left to their sender, who stops at the next batch. Returns how many chunks and retries were closed.
 */
export async function skipUnsendable(db: Database): Promise<number> {
  let closed = 0;
  for (;;) {
    const [chunk] = await db.named<{ id: string }>(skipChunk, []);
    if (!chunk) break;
    closed++;
  }
  const retries = await db.named<{ count: string }>(skipRetries, []);
  return closed + Number(retries[0]?.count ?? 0);
}
