import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { bindContentRoutes } from "./routes.ts";
import { ensureDefaultSettings } from "./store.ts";

export type {
  ContentContext,
  ContentSettings,
} from "./store.ts";

/** Content settings: the context that a journey gives its messages. There is exactly one default. */
export function createContent(platform: Platform) {
  return {
    prepare: () => ensureDefaultSettings(platform.db),
    routes: (http: Http) => bindContentRoutes(http, platform),
  };
}
