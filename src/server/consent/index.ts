import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { bindConsentRoutes, bindSuppressionRoutes } from "./routes.ts";
import { bindTopicRoutes } from "./routes-for-topics.ts";

export { mayNotSendSql, notMailableReason } from "./may-not-send.ts";
export { type ConsentEntry, type ConsentSource, recordConsent } from "./record-consent.ts";
export {
  activeSuppressions,
  requiresOptIn,
  type Suppression,
  standingOf,
  type TopicStanding,
} from "./store.ts";
export { type SuppressionEntry, suppress } from "./suppress.ts";
export { findTopic, getOpenTopic, insertTopic, listTopics, type Topic } from "./topics.ts";

/** Consent of addresses, topics, and suppression: docs/spec/consent.md. */
export function createConsent(platform: Platform) {
  return {
    routes: (http: Http) => {
      bindTopicRoutes(http, platform);
      bindConsentRoutes(http, platform);
      bindSuppressionRoutes(http, platform);
    },
  };
}
