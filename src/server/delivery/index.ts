import type { MessageNeeds } from "../messages/index.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { resumeHealedDomains } from "./hold-for-domain.ts";
import { watchOptOuts } from "./opt-out-barrier.ts";
import type { TokenKeys } from "./prepare-message.ts";
import { bindDeliveryRoutes, bindMailingRoutes, bindSendingRoutes } from "./routes.ts";
import { bindDomainPaceRoutes } from "./routes-for-domain-paces.ts";
import { bindTestSend } from "./send-test.ts";
import { startSender } from "./sender.ts";

export { enqueueFromSql, enqueueRecipients, type Recipient } from "./enqueue-recipients.ts";
export { ensureMailing, type MailingRequest } from "./ensure-mailing.ts";
export { countQueuedOfJourney, setMailingsOfJourney } from "./hold-mailings.ts";
export {
  forgetLostTakers,
  forgetOptOutTakers,
  hearOptOutTaker,
  listSilentTakers,
  listTakersBeside,
  type OptOutTaker,
  takerPauseMilliseconds,
} from "./opt-out-barrier.ts";
export { renderDelivery } from "./render-delivery.ts";
export { resolveDoubt } from "./resolve-doubt.ts";
export { startSender } from "./sender.ts";
export type { SenderSettings } from "./sender-settings.ts";
export { messageIdName } from "./stamps.ts";
export { verifyDelivery, verifyIdentity, verifyProgress, verifyWishes } from "./verify-delivery.ts";

/** Delivery: mailings, the sender and the ledger. `keys` sign what stands in links. */
export function createDelivery(
  platform: Platform,
  { keys, needs }: { readonly keys: TokenKeys; readonly needs: MessageNeeds },
) {
  resumeHealedDomains(platform);
  const optOuts = watchOptOuts(platform.db, platform.log);
  return {
    // From here on every taker must be heard, so that a first word just before the sender starts counts.
    prepare: async () => void (await optOuts.isOpen()),
    routes: (http: Http) => {
      bindTestSend(http, platform, needs);
      bindMailingRoutes(http, platform);
      bindDeliveryRoutes(http, platform, keys);
      bindSendingRoutes(http, platform);
      bindDomainPaceRoutes(http, platform);
    },
    loops: { sender: () => startSender(platform, { keys, optOuts }) },
  };
}
