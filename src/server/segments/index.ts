import type { Http } from "../platform/http/implement.ts";
import { bindSegmentRoutes } from "./routes.ts";
import type { SegmentDeps } from "./save-segment.ts";

export { compileSegment, conditionSql, segmentSql } from "./compile-segment.ts";
export { gatherSchema } from "./gather-schema.ts";

/** Segments: rules and hand-picked lists that yield contacts. */
export function createSegments(deps: SegmentDeps) {
  return { routes: (http: Http) => bindSegmentRoutes(http, deps) };
}
