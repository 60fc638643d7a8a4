import type { JourneyFacts } from "#core/journeys/check-graph.ts";
import type { Names } from "#core/journeys/describe.ts";
import type { Graph } from "#core/journeys/graph.ts";
import { referencesOf } from "#core/journeys/references.ts";
import type { JourneySettings } from "#core/journeys/settings.ts";
import { fromId, type IdKind, toId } from "#core/kernel/ids.ts";
import { checkCondition } from "#core/segments/check-condition.ts";
import { describeCondition } from "#core/segments/describe.ts";
import { type Queries, sql } from "#server/platform/index.ts";
import type { JourneyNeeds } from "./needs.ts";

type Referred = {
  readonly segments: readonly { id: string; name: string; is_archived: boolean }[];
  readonly messages: readonly { id: string; name: string; live_version_id: string | null }[];
  readonly events: readonly { id: string; name: string; is_open: boolean; ends_at: Date }[];
};

/**
 * Reads what a graph refers to. `hold` keeps the messages from being stopped until the transaction ends, so that what
 * was checked is what goes live.
 */
export async function readReferences(queries: Queries, graph: Graph, hold = false): Promise<Referred> {
  const { segments, messages, events } = referencesOf(graph);
  return {
    segments: await queries.rows(sql`
      select id, name, archived_at is not null as is_archived from segments
      where id = any(${rows("segment", segments)}::bigint[])`),
    messages: await queries.rows(sql`
      select id, name, live_version_id from messages
      where id = any(${rows("message", messages)}::bigint[]) and archived_at is null
      order by id ${hold ? sql`for share` : sql``}`),
    events: await queries.rows(sql`
      select id, name, state = 'open' as is_open, ends_at from events
      where id = any(${rows("event", events)}::bigint[])`),
  };
}

/** Gathers all that the check must know. */
export async function gatherJourneyFacts(
  queries: Queries,
  needs: JourneyNeeds,
  draft: { readonly graph: Graph; readonly settings: JourneySettings },
  options: { readonly now: Date; readonly hold: boolean },
): Promise<{ facts: JourneyFacts; referred: Referred }> {
  const { graph, settings } = draft;
  const referred = await readReferences(queries, graph, options.hold);
  const contentSettingsId =
    settings.contentSettingsId && (fromId("contentSettings", settings.contentSettingsId) ?? null);
  const messages = new Map<
    string,
    { name: string; isLive: boolean; findings: Awaited<ReturnType<JourneyNeeds["checkMessageVersion"]>> }
  >();
  for (const { id, name, live_version_id } of referred.messages) {
    const findings = live_version_id
      ? await needs.checkMessageVersion(live_version_id, contentSettingsId)
      : [];
    messages.set(toId("message", id), { name, isLive: live_version_id !== null, findings });
  }
  const settingsFound = await queries.first(
    contentSettingsId
      ? sql`select id from content_settings where id = ${contentSettingsId}`
      : sql`select id from content_settings where is_default`,
  );
  const facts: JourneyFacts = {
    now: options.now,
    segments: new Map(
      referred.segments.map(({ id, name, is_archived }) => [
        toId("segment", id),
        { name, isArchived: is_archived },
      ]),
    ),
    messages,
    events: new Map(
      referred.events.map(({ id, name, is_open, ends_at }) => [
        toId("event", id),
        { name, isOpen: is_open, endsAt: ends_at },
      ]),
    ),
    conditionProblems: await conditionProblems(queries, needs, graph),
    hasContentSettings: settingsFound !== undefined,
    route: await findRoute(queries, settings.routeId, options.hold),
  };
  return { facts, referred };
}

/** [J50] Held as messages are: a route that was checked cannot be removed before the mailings name it. */
async function findRoute(
  queries: Queries,
  routeId: string | null,
  hold: boolean,
): Promise<JourneyFacts["route"]> {
  if (routeId === null) return "by-weights";
  const row = await queries.first<{ is_mailbox: boolean }>(sql`
    select is_mailbox from routes where id = ${fromId("route", routeId) ?? "0"} ${hold ? sql`for share` : sql``}`);
  if (!row) return "missing";
  return row.is_mailbox ? "mailbox" : "chosen";
}

async function conditionProblems(
  queries: Queries,
  needs: JourneyNeeds,
  graph: Graph,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tiles = graph.tiles.flatMap((tile) => (tile.kind === "if" && tile.condition ? [tile] : []));
  if (tiles.length === 0) return new Map();
  const schema = await needs.conditionSchema(queries);
  return new Map(
    tiles.map(({ id, condition }) => [
      id,
      condition ? checkCondition(condition, schema).map(({ message }) => message) : [],
    ]),
  );
}

/** What people call the things in a graph. */
export async function gatherNames(queries: Queries, needs: JourneyNeeds, graph: Graph): Promise<Names> {
  const { segments, messages, events } = await readReferences(queries, graph);
  const tiles = graph.tiles.flatMap((tile) => (tile.kind === "if" && tile.condition ? [tile] : []));
  const schema = tiles.length > 0 ? await needs.conditionSchema(queries) : undefined;
  return {
    segments: Object.fromEntries(segments.map(({ id, name }) => [toId("segment", id), { name }])),
    messages: Object.fromEntries(
      messages.map(({ id, name, live_version_id }) => [
        toId("message", id),
        { name, isLive: live_version_id !== null },
      ]),
    ),
    events: Object.fromEntries(events.map(({ id, name }) => [toId("event", id), { name }])),
    conditions: Object.fromEntries(
      tiles.flatMap(({ id, condition }) =>
        condition && schema ? [[id, describeCondition(condition, schema)]] : [],
      ),
    ),
  };
}

function rows(kind: IdKind, ids: readonly string[]): string[] {
  return ids.flatMap((id) => fromId(kind, id) ?? []);
}
