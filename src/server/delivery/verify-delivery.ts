import { commercialCategories, gravestCategories, stoppingCategories } from "#core/consent/may-send.ts";
import { longestWaitMinutes } from "#core/delivery/back-off.ts";
import { loadStatement, type Queries } from "../platform/index.ts";
import { leaseSeconds } from "./lease-chunk.ts";
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

const wishes = loadStatement(import.meta.url, "./queries/verify-wishes.sql");

/** [D63] Names mail that was begun to an address that had been stopped before. */
export async function verifyWishes(db: Queries): Promise<string[]> {
  const forward = stoppingCategories({ designation: "commercial", topicId: null, isForward: true });
  const rows = await db.named<{ problem: string }>(wishes, [
    gravestCategories,
    commercialCategories,
    forward,
  ]);
  return rows.map(({ problem }) => problem);
}

const progress = loadStatement(import.meta.url, "./queries/verify-progress.sql");

/** [D64] Names what stands still though a sender lives and nothing holds it back. */
export async function verifyProgress(db: Queries): Promise<string[]> {
  const rows = await db.named<{ problem: string }>(progress, [leaseSeconds, longestWaitMinutes]);
  return rows.map(({ problem }) => problem);
}

/** [D32] Says that sending is locked because this may be a copy; empty if it is not. */
export async function verifyIdentity(db: Queries): Promise<string[]> {
  const stopped = await findStopped(db);
  return stopped?.cause === "restored"
    ? [`All sending is locked until somebody confirms it. ${stopped.why}`]
    : [];
}
