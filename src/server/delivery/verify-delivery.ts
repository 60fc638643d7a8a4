import { loadStatement, type Queries } from "../platform/index.ts";

const statement = loadStatement(import.meta.url, "./queries/verify.sql");

/**
 * [D3] Proves the accounting from the rows themselves: totals against chunks, log and retries, each recipient exactly once. Returns what
 * does not add up, one sentence each; empty means that everything does. Exact while nothing is being committed.
 */
export async function verifyDelivery(db: Queries): Promise<string[]> {
  const rows = await db.named<{ problem: string }>(statement, []);
  return rows.map(({ problem }) => problem);
}
