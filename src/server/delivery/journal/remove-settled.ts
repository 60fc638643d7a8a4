import { unlinkSync } from "node:fs";
import { type Queries, sql } from "../../platform/index.ts";
import { listJournals } from "./journal.ts";
import { isSameBoot, isSurelyDead } from "./owner.ts";

/** Deletes journals of senders that are no more and of which nothing in the database is waiting to be decided. */
export async function removeSettledJournals(
  db: Queries,
  directory: string,
  owner: string,
  now: Date,
): Promise<void> {
  const left = listJournals(directory).filter(
    (journal) =>
      journal.owner !== owner && (isSurelyDead(journal.owner, now) || !isSameBoot(journal.owner, now)),
  );
  if (left.length === 0) return;
  const needed = await db.rows<{ owner: string }>(sql`
    select lease_owner as owner from delivery_chunks where finished_at is null and lease_owner is not null
    union select lease_owner from delivery_retries where lease_owner is not null`);
  const stillNeeded = new Set(needed.map((row) => row.owner));
  for (const journal of left) if (!stillNeeded.has(journal.owner)) unlinkSync(journal.file);
}
