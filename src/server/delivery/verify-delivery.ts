import { loadStatement, type Queries } from "../platform/index.ts";
import { findStopped } from "./sending-policy.ts";

const statement = loadStatement(import.meta.url, "./queries/verify.sql");

/**
 * [D3] Proves the accounting from the rows themselves: totals against chunks, log and retries, each recipient exactly once. Returns what
 * does not add up, one sentence each; empty means that everything does. Exact while nothing is being committed.
 */
export async function verifyDelivery(db: Queries): Promise<string[]> {
  const rows = await db.named<{ problem: string }>(statement, []);
  return rows.map(({ problem }) => problem);
}

/** [D32] Says that sending is locked because this may be a copy; empty if it is not. */
export async function verifyIdentity(db: Queries): Promise<string[]> {
  const stopped = await findStopped(db);
  return stopped?.cause === "restored"
    ? [`All sending is locked until somebody confirms it. ${stopped.why}`]
    : [];
}
