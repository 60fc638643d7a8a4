import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { installBuiltInTemplates } from "./built-in-templates.ts";
import type { MessageNeeds } from "./needs.ts";
import { bindMessageRoutes } from "./routes.ts";

export { checkVersion } from "./check-version.ts";
export { findContactValues, findSettings, type SettingsFacts } from "./gather-context.ts";
export type { MessageNeeds, Usage } from "./needs.ts";
export { freezeForTest } from "./publish-message.ts";
export type { MessageRow } from "./store.ts";

/** Messages: drafts, the check, immutable live versions, templates. */
export function createMessages(platform: Platform, needs: MessageNeeds) {
  return {
    prepare: () => installBuiltInTemplates(platform.db),
    routes: (http: Http) => bindMessageRoutes(http, platform, needs),
  };
}
