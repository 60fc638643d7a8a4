import type { Database, Log } from "../platform/index.ts";
import { settleByEvidence } from "./resolve-doubt.ts";
import { skipUnsendable } from "./skip-cancelled.ts";
import { tripBreakers } from "./trip-breakers.ts";

/** What senders do for the whole workspace every few seconds, whoever comes first. */
export async function lookAfter(db: Database, log: Log): Promise<void> {
  await skipUnsendable(db);
  await settleByEvidence(db);
  await tripBreakers(db, log);
}
