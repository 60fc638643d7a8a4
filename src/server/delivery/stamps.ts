import type { Platform } from "../platform/index.ts";
import type { TokenKeys } from "./prepare-message.ts";
import type { BatchStamp } from "./snapshot.ts";

/** The name of this instance in its Message-IDs, between the delivery's number and the host. */
export function messageIdName({ secrets }: Pick<Platform, "secrets">): string {
  return secrets.keyedHash("instance", "message-id").toString("hex").slice(0, 8);
}

/** What gives each batch its key, its date and what follows the delivery's number in a Message-ID: one name per instance. */
export function createStamps(
  platform: Pick<Platform, "secrets" | "config" | "clock">,
  keys: Pick<TokenKeys, "current">,
): () => BatchStamp {
  const { config, clock } = platform;
  const idSuffix = `${messageIdName(platform)}@${new URL(config.publicUrl).hostname}`;
  return () => ({ kid: keys.current(), date: clock.now().getTime(), idSuffix });
}
