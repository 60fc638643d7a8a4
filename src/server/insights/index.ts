import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { bindInsightRoutes } from "./routes.ts";

/** What became of the mail: numbers, where they come from, and who is behind them. */
export function createInsights(platform: Platform) {
  return { routes: (http: Http) => bindInsightRoutes(http, platform) };
}
