import type { z } from "zod";
import type { Journey, JourneySummary } from "#contract/journeys.ts";
import type { Names } from "#core/journeys/describe.ts";
import { toId } from "#core/kernel/ids.ts";
import { type Queries, sql } from "#server/platform/index.ts";
import { gatherNames } from "./gather-journey-facts.ts";
import type { JourneyNeeds } from "./needs.ts";
import type { JourneyRow, JourneySummaryRow } from "./store.ts";

/** A journey as the API shows it. */
export async function presentJourney(
  queries: Queries,
  needs: JourneyNeeds,
  row: JourneyRow,
): Promise<z.input<typeof Journey>> {
  const names: Names = await gatherNames(queries, needs, row.graph);
  return {
    id: toId("journey", row.id),
    name: row.name,
    graph: row.graph,
    settings: row.settings,
    revision: row.revision,
    state: row.state,
    isArchived: row.isArchived,
    live: row.liveVersionId
      ? {
          versionId: toId("journeyVersion", row.liveVersionId),
          number: row.liveNumber ?? 0,
          publishedAt: (row.livePublishedAt ?? row.updatedAt).toISOString(),
          tilesWithNewerMessage: await tilesWithNewerMessage(queries, row.liveVersionId),
        }
      : null,
    names,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** [J35] Tiles whose newest mailing is not of the message's live version. */
async function tilesWithNewerMessage(queries: Queries, versionId: string): Promise<string[]> {
  const rows = await queries.rows<{ node_id: string }>(sql`
    select node_id from (
      select distinct on (node_id) node_id, message_id, message_version_id from mailings
      where kind = 'journey' and journey_version_id = ${versionId}
      order by node_id, id desc
    ) newest join messages message on message.id = newest.message_id
    where message.live_version_id <> newest.message_version_id order by node_id`);
  return rows.map(({ node_id }) => node_id);
}

/** A journey as a list shows it. */
export function presentSummary(row: JourneySummaryRow): z.input<typeof JourneySummary> {
  return {
    id: toId("journey", row.id),
    name: row.name,
    state: row.state,
    isArchived: row.isArchived,
    entered: row.entered,
    inside: row.inside,
    updatedAt: row.updatedAt.toISOString(),
  };
}
