import { accessRoutes } from "./access.ts";
import { messageRoutes } from "./messages.ts";
import type { RouteDefinition } from "./route.ts";

/** The table of all routes: what the server binds, and what OpenAPI and the SDK are made from. One line per domain. */
export const routes: readonly RouteDefinition[] = [
  ...Object.values(accessRoutes),
  ...Object.values(messageRoutes),
];
