import { z } from "zod";
import { type Plan, planSchema } from "#core/journeys/plan.ts";
import { type JourneySettings, journeySettingsSchema } from "#core/journeys/settings.ts";
import { type Queries, sql, type Transaction } from "#server/platform/index.ts";

/** A journey as the engine sees it. Ids are row numbers. */
export type LiveJourney = {
  readonly journeyId: string;
  readonly versionId: string;
  readonly state: "live" | "paused";
  readonly plan: Plan;
  readonly settings: JourneySettings;
  /** Null until the members of the start segment were let in for the first time. */
  readonly joinedAt: Date | null;
  /** Mailings of each send tile, the one that is sent now last. */
  readonly mailings: ReadonlyMap<string, readonly string[]>;
};

type Frozen = Pick<LiveJourney, "plan" | "settings">;

/** Loads running journeys. Plans are parsed once per process: a version never changes. */
export type LoadLiveJourneys = (
  queries: Queries,
  states: readonly ("live" | "paused")[],
) => Promise<LiveJourney[]>;

/** Creates the loader with an empty cache. */
export function createLoader(): LoadLiveJourneys {
  const known = new Map<string, Frozen>();

  async function frozen(queries: Queries, versionIds: readonly string[]): Promise<void> {
    const missing = versionIds.filter((id) => !known.has(id));
    if (missing.length === 0) return;
    const rows = await queries.rows<{ id: string; plan: unknown; settings: unknown }>(
      sql`select id, plan, settings from journey_versions where id = any(${missing}::bigint[])`,
    );
    for (const row of rows)
      known.set(row.id, {
        plan: planSchema.parse(row.plan),
        settings: journeySettingsSchema.parse(row.settings),
      });
  }

  return async (queries, states) => {
    const rows = await queries.rows<{
      id: string;
      version_id: string;
      state: string;
      joined_at: Date | null;
    }>(sql`
      select id, live_version_id as version_id, state, joined_at from journeys
      where state = any(${states}::text[]) and live_version_id is not null order by id`);
    const versionIds = rows.map(({ version_id }) => version_id);
    await frozen(queries, versionIds);
    const mailings = await mailingsOf(queries, versionIds);
    return rows.flatMap((row) => {
      const version = known.get(row.version_id);
      if (!version) return [];
      return {
        journeyId: row.id,
        versionId: row.version_id,
        state: z.enum(["live", "paused"]).parse(row.state),
        joinedAt: row.joined_at,
        mailings: mailings.get(row.version_id) ?? new Map(),
        ...version,
      };
    });
  };
}

async function mailingsOf(
  queries: Queries,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>> {
  const found = new Map<string, Map<string, string[]>>();
  const rows = await queries.rows<{ version_id: string; node_id: string; ids: string[] }>(sql`
    select journey_version_id as version_id, node_id, array_agg(id order by id) as ids
    from mailings where kind = 'journey' and journey_version_id = any(${versionIds}::bigint[])
    group by journey_version_id, node_id`);
  for (const { version_id, node_id, ids } of rows) {
    const tiles = found.get(version_id) ?? new Map<string, string[]>();
    found.set(version_id, tiles.set(node_id, ids));
  }
  return found;
}

const lockName = (journeyId: string) => `journeys.move:${journeyId}`;

/**
 * Joins those who move visits of a journey, and says whether it is still live in this version. Pausing, stopping and
 * waking take the lock alone, so a batch is over before they answer and the next one sees what they did. [J32]
 */
export async function joinMovers(tx: Transaction, { journeyId, versionId }: LiveJourney): Promise<boolean> {
  await tx.run(sql`select pg_advisory_xact_lock_shared(hashtextextended(${lockName(journeyId)}, 0))`);
  const row = await tx.first(
    sql`select id from journeys where id = ${journeyId} and state = 'live' and live_version_id = ${versionId}`,
  );
  return row !== undefined;
}

/** Waits until nobody moves visits of this journey, and keeps everybody out until the end of the transaction. */
export async function holdMovers(tx: Transaction, journeyId: string): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${lockName(journeyId)}, 0))`);
}
