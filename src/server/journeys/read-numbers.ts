import { type Exit, exitSchema } from "#core/journeys/graph.ts";
import { type Queries, type Sql, sql } from "#server/platform/index.ts";
import type { JourneyRow } from "./store.ts";

export type TileNumbers = {
  readonly tileId: string;
  readonly arrived: number;
  readonly waiting: number;
  readonly passed: { readonly [exit in Exit]?: number };
  readonly left: { readonly end?: number; readonly stopped?: number; readonly erased?: number };
};

/** Live numbers of every tile that anybody came to; they are totals, so reading them costs the same at any size. */
export async function readNumbers(
  queries: Queries,
  { liveVersionId, graph }: JourneyRow,
): Promise<{ entered: number; inside: number; tiles: TileNumbers[] }> {
  const rows = await queries.rows<{ node_id: string; totals: Record<string, number> }>(sql`
    select node_id, jsonb_object_agg(exit, total) as totals from journey_node_totals
    where version_id = ${liveVersionId} group by node_id order by node_id`);
  const tiles = rows.map(({ node_id, totals }) => tileNumbers(node_id, totals));
  const start = graph.tiles.find(({ kind }) => kind === "segment-start")?.id;
  return {
    entered: tiles.find(({ tileId }) => tileId === start)?.arrived ?? 0,
    inside: tiles.reduce((sum, { waiting }) => sum + waiting, 0),
    tiles,
  };
}

function tileNumbers(tileId: string, totals: Readonly<Record<string, number>>): TileNumbers {
  const { arrived = 0, ...gone } = totals;
  const { end, stopped, erased, ...passed } = gone;
  const left = { ...(end && { end }), ...(stopped && { stopped }), ...(erased && { erased }) };
  return {
    tileId,
    arrived,
    waiting: Object.values(gone).reduce((rest, total) => rest - total, arrived),
    passed: Object.fromEntries(
      exitSchema.options.flatMap((exit) => (passed[exit] ? [[exit, passed[exit]]] : [])),
    ),
    left,
  };
}

export type ContactAtTileRow = {
  readonly visitId: string;
  readonly step: number;
  readonly contactId: string;
  readonly email: string;
  readonly name: string;
  readonly arrivedAt: Date;
  readonly leftAt: Date | null;
};

export type TileGroup = "arrived" | "waiting" | Exit | "end" | "stopped" | "erased";

/**
 * A page of the contacts behind a number of a tile, in the order of entering; one row per arrival, so that there are as
 * many as the number says, except for those who were erased.
 */
export async function listContactsAtTile(
  queries: Queries,
  given: {
    readonly versionId: string | null;
    readonly tileId: string;
    readonly isStart: boolean;
    readonly group: TileGroup;
    readonly after: { readonly visitId: string; readonly step: number } | undefined;
    readonly limit: number;
  },
): Promise<ContactAtTileRow[]> {
  // Everybody passes the start in the moment of arriving there.
  if (given.isStart && given.group !== "arrived" && given.group !== "next") return [];
  const after = given.after ?? { visitId: "0", step: -1 };
  return queries.rows<ContactAtTileRow>(sql`
    select visit_id as "visitId", step, contact.id as "contactId", contact.email,
      concat_ws(' ', contact.first_name, contact.last_name) as name, arrived_at as "arrivedAt", left_at as "leftAt"
    from (${given.isStart ? entered(given) : joinArrivals(given)}) arrival
    join contacts contact on contact.id = arrival.contact_id
    where (visit_id, step) > (${after.visitId}::bigint, ${after.step}::integer)
    order by visit_id, step limit ${given.limit}`);
}

type At = { readonly versionId: string | null; readonly tileId: string; readonly group: TileGroup };

function entered({ versionId }: At): Sql {
  return sql`select id as visit_id, 0 as step, contact_id, entered_at as arrived_at, entered_at as left_at
    from journey_visits where version_id = ${versionId}`;
}

function joinArrivals(at: At): Sql {
  if (at.group === "arrived") return sql`${passages(at, null)} union all ${standing(at, sql`true`)}`;
  if (at.group === "waiting") return standing(at, sql`finished_at is null`);
  const exit = exitSchema.safeParse(at.group);
  return exit.success ? passages(at, exit.data) : standing(at, sql`finish_reason = ${at.group}`);
}

function standing({ versionId, tileId }: At, condition: Sql): Sql {
  return sql`select id as visit_id, steps as step, contact_id, arrived_at, finished_at as left_at
    from journey_visits where version_id = ${versionId} and node_id = ${tileId} and ${condition}`;
}

/** Walks the primary key from the first visit of the version, so a page needs no index of its own. */
function passages({ versionId, tileId }: At, exit: Exit | null): Sql {
  return sql`select visit_id, step, contact_id, arrived_at, left_at from journey_passages
    where version_id = ${versionId} and node_id = ${tileId} and (${exit}::text is null or exit = ${exit})
      and visit_id >= (select first_visit_id from journeys where live_version_id = ${versionId})`;
}
