import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import type { Tracking } from "../tracking/index.ts";
import { hearOfSoftBounces } from "./count-soft-bounces.ts";
import { startTally } from "./feedback-totals.ts";
import { bindMailboxRoutes } from "./mailbox/routes-for-mailbox.ts";
import { watchMailbox } from "./mailbox/watch-mailbox.ts";
import { startInboundMail } from "./receive-mail.ts";
import { bindFeedbackRoutes } from "./routes.ts";
import { bindWebhookRoutes } from "./webhooks/routes-for-webhooks.ts";
import { createSnsVerifier, fetchPage } from "./webhooks/verify-sns.ts";
import { bindWebhookDoor } from "./webhooks/webhook-door.ts";

export { startTally, type Tally } from "./feedback-totals.ts";
export { type InboundMail, startInboundMail } from "./receive-mail.ts";

/** What comes back: bounces, complaints and unsubscribing, by mail or told by providers. Listens where a port is set. */
export function createFeedback(platform: Platform, tracking: Tracking) {
  hearOfSoftBounces(platform);
  const tally = startTally(platform.db, platform.log);
  return {
    routes: (http: Http) => {
      bindFeedbackRoutes(http, platform);
      bindWebhookRoutes(http, platform);
      bindMailboxRoutes(http, platform);
      const deps = { platform, tracking, fetchPage, verifySns: createSnsVerifier(fetchPage) };
      bindWebhookDoor(http.app, deps, tally);
      http.app.addHook("onClose", () => tally.stop());
    },
    loops: {
      web: () => listen(platform, tracking),
      scheduler: () => watchMailbox({ platform, tracking }),
    },
  };
}

function listen(platform: Platform, tracking: Tracking): () => Promise<void> {
  const { inboundSmtpPort: port, inboundSmtpHost: host } = platform.config;
  if (port === undefined) return async () => {};
  const started = startInboundMail({ platform, tracking }, { port, host }).catch((error: unknown) => {
    platform.log.error({ reason: String(error), port, host }, "mail that comes back cannot be received");
    return undefined;
  });
  return async () => (await started)?.stop();
}
