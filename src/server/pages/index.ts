import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import type { Tracking } from "../tracking/index.ts";
import { applyOptOuts, type PageDeps } from "./apply-opt-outs.ts";
import { bindEventPageRoutes } from "./event-page-routes.ts";
import { bindEventRoutes } from "./event-routes.ts";
import { bindForwardRoutes } from "./forward-routes.ts";
import { openPageScope } from "./page-scope.ts";
import { bindPreferenceRoutes } from "./preference-routes.ts";
import { definePurge } from "./purge-forwards.ts";
import { bindRegistrationRoutes } from "./registration-routes.ts";
import { bindViewRoutes } from "./view-routes.ts";

export { applyOptOuts } from "./apply-opt-outs.ts";
export { knownEventSlugs } from "./known-event-slugs.ts";

export { purgeForwards } from "./purge-forwards.ts";

/** Pages that contacts see: subscription centre, one-click unsubscribe, forward to a friend, events, view in browser. */
export function createPages(platform: Platform, tracking: Tracking) {
  const deps: PageDeps = { platform, tracking };
  tracking.handleOptOuts((tx, hits) => applyOptOuts(deps, tx, hits));
  const { prepare } = definePurge(platform);
  return {
    prepare,
    routes(http: Http) {
      bindEventRoutes(http, deps);
      openPageScope(http.app, platform.log, (scope) => {
        bindPreferenceRoutes(scope, deps);
        bindForwardRoutes(scope, deps);
        bindEventPageRoutes(scope, deps);
        bindRegistrationRoutes(scope, deps);
        bindViewRoutes(scope, deps);
      });
    },
  };
}
