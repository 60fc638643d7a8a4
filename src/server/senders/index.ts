import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { ensureMailboxRoute } from "./ensure-mailbox-route.ts";
import { defineLooks } from "./look-at-domains.ts";
import { openResolver } from "./look-up-dns.ts";
import { bindRouteRoutes } from "./routes.ts";
import { bindDomainRoutes } from "./routes-for-domains.ts";

export { domainHealed } from "./check-domain.ts";
export { type DkimKey, signMessage } from "./dkim.ts";
export { type DomainKeys, findDomainKeys, type HeldDomain } from "./domain-keys.ts";
export { findRoads, type Road } from "./find-roads.ts";
export { openRoad, type RoadConnection } from "./open-road.ts";
export {
  type Envelope,
  makeEnvelope,
  type Outgoing,
  openConnection,
  type RoadProblem,
  type Timeouts,
} from "./smtp/index.ts";
export { keepSizeLimit, largestMessage } from "./store.ts";
export { helloNameOf } from "./test-route.ts";

/** Senders: the routes that mail leaves by, and the domains it is signed for. */
export function createSenders(platform: Platform) {
  const lookUp = openResolver(platform.config.dnsServers);
  const looks = defineLooks(platform, lookUp);
  return {
    async prepare() {
      await ensureMailboxRoute(platform);
      await looks.prepare();
    },
    routes: (http: Http) => {
      bindRouteRoutes(http, platform);
      bindDomainRoutes(http, platform, lookUp);
    },
  };
}
