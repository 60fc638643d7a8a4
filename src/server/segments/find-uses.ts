import { toId } from "#core/kernel/ids.ts";
import { segmentIdsOf } from "#core/segments/references.ts";
import type { Queries } from "../platform/index.ts";
import { listDefinitions, listUsingJourneys, type UsingJourney } from "./store.ts";

/** Where a segment (row number) is used: journeys that name it anywhere, and segments that contain it. */
export async function findUses(
  db: Queries,
  id: string,
): Promise<{
  readonly journeys: readonly UsingJourney[];
  readonly segments: readonly { readonly id: string; readonly name: string }[];
}> {
  const own = toId("segment", id);
  const definitions = await listDefinitions(db);
  return {
    journeys: await listUsingJourneys(db, id),
    segments: definitions.filter(
      ({ definition }) => definition !== null && segmentIdsOf(definition.condition).includes(own),
    ),
  };
}
