import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { checkGraph } from "#core/journeys/check-graph.ts";
import { type Plan, planJourney } from "#core/journeys/plan.ts";
import { type Finding, passes } from "#core/kernel/finding.ts";
import { fromId } from "#core/kernel/ids.ts";
import { ensureMailing } from "#server/delivery/index.ts";
import { type Clock, type Database, sql, type Transaction } from "#server/platform/index.ts";
import { gatherJourneyFacts } from "./gather-journey-facts.ts";
import type { JourneyNeeds } from "./needs.ts";
import { auditJourney, getJourney, holdJourneyFor } from "./save-journey.ts";
import type { JourneyRow } from "./store.ts";

type Deps = { readonly db: Database; readonly clock: Clock; readonly needs: JourneyNeeds };

/** Row numbers of the live version of each message, by the message's row number. */
type LiveVersions = ReadonlyMap<string, string>;

/**
 * [J31] Goes live: checks, freezes a version with its plan, makes a mailing per send tile, and starts. All in one
 * transaction, so there is no moment in which a journey is half live. The engine lets the members in from then on.
 */
export async function publishJourney(
  { db, clock, needs }: Deps,
  actor: Actor,
  { id, revision }: { readonly id: string; readonly revision: number },
): Promise<JourneyRow> {
  return db.transaction(async (tx) => {
    const journey = await holdJourneyFor(tx, id, "go-live");
    if (journey.revision !== revision) refuse("journey.edited-elsewhere", { revision: journey.revision });
    const versions = await checkedVersions(tx, { clock, needs }, journey);
    const plan = planJourney(journey.graph);
    const versionId = await freeze(tx, actor, journey, plan);
    await makeMailings(tx, journey, { versionId, plan, versions });
    await tx.run(sql`
      update journeys set state = 'live', live_version_id = ${versionId}, joined_at = null, first_visit_id = null, updated_at = now()
      where id = ${id}`);
    await auditJourney(tx, actor, "went-live", id, { revision, routeId: journey.settings.routeId });
    await tx.run(sql`select pg_notify('journeys', '')`);
    return getJourney(tx, id);
  });
}

/**
 * [J35] From now on the send tiles of a running journey send the newest live versions of their messages, which are
 * checked in its content settings first. What is already queued is sent as it was enqueued.
 */
export async function updateMessages(
  { db, clock, needs }: Deps,
  actor: Actor,
  id: string,
): Promise<JourneyRow> {
  return db.transaction(async (tx) => {
    const journey = await holdJourneyFor(tx, id, "update-messages");
    const versions = await checkedVersions(tx, { clock, needs }, journey);
    const versionId = journey.liveVersionId ?? "";
    await makeMailings(tx, journey, { versionId, plan: planJourney(journey.graph), versions });
    await auditJourney(tx, actor, "messages-updated", id);
    return getJourney(tx, id);
  });
}

async function checkedVersions(
  tx: Transaction,
  { clock, needs }: Pick<Deps, "clock" | "needs">,
  journey: JourneyRow,
): Promise<LiveVersions> {
  const { facts, referred } = await gatherJourneyFacts(tx, needs, journey, { now: clock.now(), hold: true });
  const findings: Finding[] = checkGraph(journey.graph, facts);
  if (!passes(findings)) refuse("journey.check-failed", { findings });
  return new Map(
    referred.messages.flatMap((message) =>
      message.live_version_id ? [[message.id, message.live_version_id]] : [],
    ),
  );
}

async function freeze(tx: Transaction, actor: Actor, journey: JourneyRow, plan: Plan): Promise<string> {
  const row = await tx.first<{ id: string }>(sql`
    insert into journey_versions (journey_id, number, graph, settings, plan, created_by)
    values (${journey.id}, coalesce((select max(number) from journey_versions where journey_id = ${journey.id}), 0) + 1,
      ${JSON.stringify(journey.graph)}, ${JSON.stringify(journey.settings)}, ${JSON.stringify(plan)},
      ${actor.kind === "user" ? actor.id : null})
    returning id`);
  return row?.id ?? "";
}

async function makeMailings(
  tx: Transaction,
  { id, settings }: JourneyRow,
  { versionId, plan, versions }: { versionId: string; plan: Plan; versions: LiveVersions },
): Promise<void> {
  for (const step of plan.steps) {
    if (step.kind !== "send") continue;
    await ensureMailing(tx, {
      kind: "journey",
      messageVersionId: versions.get(step.messageId) ?? "",
      contentSettingsId: fromId("contentSettings", settings.contentSettingsId ?? "") ?? null,
      routeId: fromId("route", settings.routeId ?? "") ?? null,
      journey: { id, versionId, nodeId: step.id },
    });
  }
}
