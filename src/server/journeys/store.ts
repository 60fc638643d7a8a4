import { z } from "zod";
import { type Graph, graphSchema } from "#core/journeys/graph.ts";
import { type JourneyState, journeyStateSchema } from "#core/journeys/lifecycle.ts";
import { type JourneySettings, journeySettingsSchema } from "#core/journeys/settings.ts";
import { joinSql, type Queries, sql } from "#server/platform/index.ts";

/** A journey with its draft. Ids are decimal row numbers. */
export type JourneyRow = {
  readonly id: string;
  readonly name: string;
  readonly graph: Graph;
  readonly settings: JourneySettings;
  readonly revision: number;
  readonly state: JourneyState;
  readonly isArchived: boolean;
  readonly liveVersionId: string | null;
  readonly liveNumber: number | null;
  readonly livePublishedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const journeyRow = z.object({
  id: z.string(),
  name: z.string(),
  graph: graphSchema,
  settings: journeySettingsSchema,
  revision: z.number(),
  state: journeyStateSchema,
  isArchived: z.boolean(),
  liveVersionId: z.string().nullable(),
  liveNumber: z.number().nullable(),
  livePublishedAt: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
});

/** Finds one journey. `lock` holds it for the transaction. */
export async function findJourney(
  queries: Queries,
  id: string,
  options: { readonly lock: boolean } = { lock: false },
): Promise<JourneyRow | undefined> {
  const row = await queries.first(sql`
    select journey.id, name, journey.graph, journey.settings, revision, state, archived_at is not null as "isArchived",
      live_version_id as "liveVersionId", version.number as "liveNumber", version.created_at as "livePublishedAt",
      journey.created_at as "createdAt", updated_at as "updatedAt"
    from journeys journey left join journey_versions version on version.id = live_version_id
    where journey.id = ${id} ${options.lock ? sql`for no key update of journey` : sql``}`);
  return row && journeyRow.parse(row);
}

/** A journey as a list shows it. `updatedAtExact` is for the cursor. */
export type JourneySummaryRow = {
  readonly id: string;
  readonly name: string;
  readonly state: JourneyState;
  readonly isArchived: boolean;
  readonly entered: number;
  readonly inside: number;
  readonly updatedAt: Date;
  readonly updatedAtExact: string;
};

/** A page of journeys, newest change first; archived ones only when asked for. */
export async function listJourneys(
  queries: Queries,
  query: {
    readonly limit: number;
    readonly after: { readonly at: string; readonly id: string } | undefined;
    readonly search: string | undefined;
    readonly state: JourneyState | "archived" | "any";
  },
): Promise<JourneySummaryRow[]> {
  const conditions = [query.state === "archived" ? sql`archived_at is not null` : sql`archived_at is null`];
  if (query.state !== "any" && query.state !== "archived") conditions.push(sql`state = ${query.state}`);
  if (query.search) conditions.push(sql`name ilike ${`%${query.search.replace(/[\\%_]/g, "\\$&")}%`}`);
  if (query.after)
    conditions.push(sql`(updated_at, id) < (${query.after.at}::timestamptz, ${query.after.id}::bigint)`);
  // The start counts who entered; whoever entered and did not end, is not stopped and not erased, is inside.
  return queries.rows<JourneySummaryRow>(sql`
    select id, name, state, archived_at is not null as "isArchived", updated_at as "updatedAt",
      to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "updatedAtExact",
      entered, entered - gone as inside
    from journeys cross join lateral (
      select coalesce(sum(total) filter (where exit = 'arrived' and node_id = (
          select planned ->> 'id' from journey_versions version, jsonb_array_elements(version.plan -> 'steps') planned
          where version.id = live_version_id and planned ->> 'kind' = 'segment-start')), 0)::float8 as entered,
        coalesce(sum(total) filter (where exit in ('end', 'stopped', 'erased')), 0)::float8 as gone
      from journey_node_totals where version_id = live_version_id
    ) numbers
    where ${joinSql(conditions, " and ", sql`true`)}
    order by updated_at desc, id desc limit ${query.limit}`);
}

export type NewJourney = {
  readonly name: string;
  readonly graph: Graph;
  readonly settings: JourneySettings;
  readonly createdBy: string | null;
};

/** Adds a draft and returns its row number. */
export async function insertJourney(
  tx: Queries,
  { name, graph, settings, createdBy }: NewJourney,
): Promise<string> {
  const row = await tx.first<{ id: string }>(sql`
    insert into journeys (name, graph, settings, created_by)
    values (${name}, ${JSON.stringify(graph)}, ${JSON.stringify(settings)}, ${createdBy}) returning id`);
  return row?.id ?? "";
}

/** Replaces the draft, which is then the next revision. */
export async function updateDraft(
  tx: Queries,
  id: string,
  { name, graph, settings }: Omit<NewJourney, "createdBy">,
): Promise<void> {
  await tx.run(sql`
    update journeys set name = ${name}, graph = ${JSON.stringify(graph)}, settings = ${JSON.stringify(settings)},
      revision = revision + 1, updated_at = now()
    where id = ${id}`);
}

/** Puts a journey into another state. */
export async function setState(tx: Queries, id: string, state: JourneyState): Promise<void> {
  await tx.run(sql`update journeys set state = ${state}, updated_at = now() where id = ${id}`);
}

/** Journeys, in any state, whose draft or live version sends or watches a message. */
export async function listJourneysWithMessage(
  queries: Queries,
  messageId: string,
): Promise<{ id: string; name: string; state: string }[]> {
  const names = (value: unknown) => JSON.stringify([value]);
  return queries.rows(sql`
    select journey.id, name, case when archived_at is null then state else 'archived' end as state
    from journeys journey left join journey_versions version on version.id = live_version_id
    where coalesce(version.graph, journey.graph) -> 'tiles' @> ${names({ messageId })}::jsonb
      or coalesce(version.graph, journey.graph) -> 'tiles' @> ${names({ happening: { of: { messageId } } })}::jsonb
    order by journey.id`);
}
