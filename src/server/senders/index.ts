import type { Platform } from "../platform/index.ts";
import { ensureMailboxRoute } from "./ensure-mailbox-route.ts";

export { type DkimKey, signMessage } from "./dkim.ts";
export { type DomainKeys, findDomainKeys } from "./domain-keys.ts";
export { findRoads, type Road } from "./find-roads.ts";

/** Senders: the routes that mail leaves by, and the domains it is signed for. */
export function createSenders(platform: Platform) {
  return {
    prepare: () => ensureMailboxRoute(platform),
  };
}
