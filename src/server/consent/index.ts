import type { ConsentForImports } from "../contacts/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { recordConsent } from "./record-consent.ts";
import { bindConsentRoutes, bindSuppressionRoutes } from "./routes.ts";
import { bindTopicRoutes } from "./routes-for-topics.ts";
import { getOpenTopic } from "./topics.ts";

export { mayNotSendSql, notMailableAmong, notMailableReason } from "./may-not-send.ts";
export { type ConsentEntry, type ConsentSource, recordConsent } from "./record-consent.ts";
export type {
  Suppression,
  TopicStanding,
} from "./store.ts";
export { type SuppressionEntry, suppress } from "./suppress.ts";
export type { Topic } from "./topics.ts";
export { verifyConsent } from "./verify-consent.ts";

/** Consent of addresses, topics, and suppression: docs/spec/consent.md. */
export function createConsent(platform: Platform) {
  const { news } = platform;
  const forImports: ConsentForImports = {
    checkTopic: async (db, topicId) => void (await getOpenTopic(db, topicId)),
    grantConsent: async (tx, addressKeys, { topicId, wording, givenAt, actor }) => {
      const at = givenAt === null ? null : new Date(givenAt);
      const entry = { topicId, kind: "granted", source: "import", wording, actor, at } as const;
      await recordConsent(
        news,
        tx,
        addressKeys.map((addressKey) => ({ addressKey, ...entry })),
      );
    },
  };
  return {
    forImports,
    routes: (http: Http) => {
      bindTopicRoutes(http, platform);
      bindConsentRoutes(http, platform);
      bindSuppressionRoutes(http, platform);
    },
  };
}
