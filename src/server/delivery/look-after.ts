import type { Platform } from "../platform/index.ts";
import { guardIdentity } from "./guard-identity.ts";
import { beat } from "./hold-late.ts";
import { recoverPaces } from "./recover-paces.ts";
import { settleByEvidence } from "./resolve-doubt.ts";
import { skipUnsendable } from "./skip-cancelled.ts";
import { tripBreakers } from "./trip-breakers.ts";

/** What senders do for the whole workspace every few seconds, whoever comes first. */
export async function lookAfter(platform: Platform): Promise<void> {
  const { db, log } = platform;
  await guardIdentity(platform);
  await beat(db);
  await skipUnsendable(db);
  await settleByEvidence(db);
  await tripBreakers(db, log);
  await recoverPaces(db);
}
