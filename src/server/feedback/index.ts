import type { Http } from "../platform/http/implement.ts";
import { type Platform, repeatJob } from "../platform/index.ts";
import type { Tracking } from "../tracking/index.ts";
import { hearOfSoftBounces } from "./count-soft-bounces.ts";
import { startTally, type Tally } from "./feedback-totals.ts";
import { bindMailboxRoutes } from "./mailbox/routes-for-mailbox.ts";
import { watchMailbox } from "./mailbox/watch-mailbox.ts";
import { purgeReports } from "./purge-reports.ts";
import { startInboundMail } from "./receive-mail.ts";
import { bindFeedbackRoutes } from "./routes.ts";
import { bindWebhookRoutes } from "./webhooks/routes-for-webhooks.ts";
import { createSnsVerifier, fetchPage } from "./webhooks/verify-sns.ts";
import { bindWebhookDoor } from "./webhooks/webhook-door.ts";

export { startTally, type Tally } from "./feedback-totals.ts";
export { purgeReports } from "./purge-reports.ts";
export { type InboundMail, startInboundMail } from "./receive-mail.ts";

const daySeconds = 86_400;

/** What comes back: bounces, complaints and unsubscribing, by mail or told by providers. Listens where a port is set. */
export function createFeedback(platform: Platform, tracking: Tracking) {
  hearOfSoftBounces(platform);
  const tally = startTally(platform.db, platform.log);
  const { prepare } = repeatJob(platform, "feedback.purge", daySeconds, () => purgeReports(platform));
  return {
    prepare,
    routes: (http: Http) => {
      bindFeedbackRoutes(http, platform);
      bindWebhookRoutes(http, platform);
      bindMailboxRoutes(http, platform);
      const deps = { platform, tracking, fetchPage, verifySns: createSnsVerifier(fetchPage) };
      bindWebhookDoor(http.app, deps, tally);
      http.app.addHook("onClose", () => tally.stop());
    },
    loops: {
      web: () => listen(platform, tracking, tally),
      scheduler: () => watchMailbox({ platform, tracking }),
    },
  };
}

function listen(platform: Platform, tracking: Tracking, tally: Tally): () => Promise<void> {
  const {
    inboundSmtpPort: port,
    inboundSmtpHost: host,
    inboundSmtpCertificate: certificate,
  } = platform.config;
  if (port === undefined) return async () => {};
  const deps = { platform, tracking, tally };
  const started = startInboundMail(deps, { port, host, certificate }).catch((error: unknown) => {
    platform.log.error({ reason: String(error), port, host }, "mail that comes back cannot be received");
    return undefined;
  });
  return async () => {
    await (await started)?.stop();
    await tally.stop();
  };
}
