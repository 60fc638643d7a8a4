import type { Platform } from "../platform/index.ts";
import type { TokenKeys } from "./prepare-message.ts";
import type { BatchStamp } from "./snapshot.ts";

/** What gives each batch its key, its date and what follows the delivery's number in a Message-ID: one name per instance. */
export function createStamps(
  { secrets, config, clock }: Pick<Platform, "secrets" | "config" | "clock">,
  keys: Pick<TokenKeys, "current">,
): () => BatchStamp {
  const instance = secrets.keyedHash("instance", "message-id").toString("hex").slice(0, 8);
  const idSuffix = `${instance}@${new URL(config.publicUrl).hostname}`;
  return () => ({ kid: keys.current(), date: clock.now().getTime(), idSuffix });
}
