import { useSuspenseQuery } from "@tanstack/react-query";
import { segmentRoutes } from "#contract/segments.ts";
import type { Schema } from "#core/segments/check-condition.ts";
import { ask } from "../app/api.ts";

/** What rules can be about. Kept for a minute, so that the builder does not change under one's hands. */
export function useSchema(): Schema {
  return useSuspenseQuery({
    ...ask(segmentRoutes.schema, {}),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  }).data;
}
