import { checkGraph } from "#core/journeys/check-graph.ts";
import { findTile } from "#core/journeys/graph.ts";
import { type Finding, passes } from "#core/kernel/finding.ts";
import { fromId } from "#core/kernel/ids.ts";
import { type Clock, type Database, type Queries, sql } from "#server/platform/index.ts";
import { gatherJourneyFacts } from "./gather-journey-facts.ts";
import type { JourneyNeeds } from "./needs.ts";
import { getJourney } from "./save-journey.ts";
import type { JourneyRow } from "./store.ts";

type Deps = { readonly db: Database; readonly clock: Clock; readonly needs: JourneyNeeds };

/** Checks the saved draft; on request counts how many contacts would enter now (null while that cannot be said). */
export async function checkJourney(
  { db, clock, needs }: Deps,
  id: string,
  options: { readonly withAudience: boolean },
): Promise<{ revision: number; findings: Finding[]; passes: boolean; audience: number | null }> {
  const journey = await getJourney(db, id);
  const now = clock.now();
  const { facts } = await gatherJourneyFacts(db, needs, journey, { now, hold: false });
  const findings = checkGraph(journey.graph, facts);
  return {
    revision: journey.revision,
    findings,
    passes: passes(findings),
    audience: options.withAudience ? await countAudience(db, needs, journey, now) : null,
  };
}

async function countAudience(
  queries: Queries,
  needs: JourneyNeeds,
  { graph }: JourneyRow,
  now: Date,
): Promise<number | null> {
  const start = graph.tiles.find(({ kind }) => kind === "segment-start");
  const tile = start && findTile(graph, start.id);
  const segmentId = tile?.kind === "segment-start" && fromId("segment", tile.segmentId ?? "");
  if (!segmentId) return null;
  const exists = await queries.first(
    sql`select id from segments where id = ${segmentId} and archived_at is null`,
  );
  if (!exists) return null;
  const members = await needs.audience.segmentSql(queries, segmentId, now);
  const row = await queries.first<{ count: number }>(
    sql`select count(*)::float8 as count from contacts where ${members}`,
  );
  return row?.count ?? null;
}
