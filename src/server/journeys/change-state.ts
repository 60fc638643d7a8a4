import { refuse } from "#contract/errors.ts";
import { type Actor, systemActor } from "#core/access/actor.ts";
import { startOf } from "#core/journeys/plan.ts";
import { countQueuedOfJourney, setMailingsOfJourney } from "#server/delivery/index.ts";
import { type Clock, type Database, loadStatement, sql, type Transaction } from "#server/platform/index.ts";
import { addTotals } from "./add-totals.ts";
import { holdMovers, type LiveJourney } from "./live-journey.ts";
import { auditJourney, getJourney, holdJourneyFor } from "./save-journey.ts";
import { type JourneyRow, setState } from "./store.ts";

type Deps = { readonly db: Database; readonly clock: Clock };

const stopVisits = loadStatement(import.meta.url, "./queries/stop.sql");

/** [J32] Holds everybody where they are. When it returns, no batch is under way and none will begin. */
export function pauseJourney({ db }: Deps, actor: Actor, id: string): Promise<JourneyRow> {
  return db.transaction(async (tx) => {
    await holdMovers(tx, id);
    const { liveVersionId } = await holdJourneyFor(tx, id, "pause");
    await setState(tx, id, "paused");
    await setMailingsOfJourney(tx, liveVersionId ?? "", "pause");
    await auditJourney(tx, actor, "paused", id);
    return getJourney(tx, id);
  });
}

/** [J32] Goes on; waits that ran out meanwhile are over at once. */
export function resumeJourney({ db }: Deps, actor: Actor, id: string): Promise<JourneyRow> {
  return db.transaction(async (tx) => {
    await holdMovers(tx, id);
    const { liveVersionId } = await holdJourneyFor(tx, id, "resume");
    await setState(tx, id, "live");
    await setMailingsOfJourney(tx, liveVersionId ?? "", "resume");
    await auditJourney(tx, actor, "resumed", id);
    await tx.run(sql`select pg_notify('journeys', '')`);
    return getJourney(tx, id);
  });
}

/** [J33] Ends a journey for good. Refuses with what it would cut off until that is confirmed. */
export function stopJourney(
  { db, clock }: Deps,
  actor: Actor,
  { id, confirm }: { readonly id: string; readonly confirm: boolean },
): Promise<JourneyRow> {
  return db.transaction(async (tx) => {
    await holdMovers(tx, id);
    const { liveVersionId } = await holdJourneyFor(tx, id, "stop");
    const versionId = liveVersionId ?? "";
    if (!confirm) {
      const inside = await countInside(tx, versionId);
      refuse("journey.stop-not-confirmed", { inside, queued: await countQueuedOfJourney(tx, versionId) });
    }
    const stopped = await tx.named<{ node_id: string; total: number }>(stopVisits, [versionId, clock.now()]);
    await addTotals(
      tx,
      versionId,
      stopped.map(({ node_id, total }) => ({ tileId: node_id, exit: "stopped", total })),
    );
    await setState(tx, id, "stopped");
    await setMailingsOfJourney(tx, versionId, "cancel");
    const inside = stopped.reduce((sum, { total }) => sum + total, 0);
    await auditJourney(tx, actor, "stopped", id, { inside });
    return getJourney(tx, id);
  });
}

/**
 * [J34] Completes a journey that admits nobody any more, has nobody inside, and whose deliveries all have a fate [D74]. Returns whether
 * it did.
 */
export async function completeIfEmpty({ db }: Deps, journey: LiveJourney): Promise<boolean> {
  const { journeyId, versionId, plan, joinedAt } = journey;
  if (!joinedAt || startOf(plan).joinLater || (await isAnybodyInside(db, journey))) return false;
  if ((await countQueuedOfJourney(db, versionId)) > 0) return false;
  return db.transaction(async (tx) => {
    await holdMovers(tx, journeyId);
    const row = await tx.first(sql`
      select id from journeys
      where id = ${journeyId} and live_version_id = ${versionId} and state = 'live' and joined_at is not null
      for no key update`);
    if (!row || (await isAnybodyInside(tx, journey)) || (await countQueuedOfJourney(tx, versionId)) > 0)
      return false;
    await setState(tx, journeyId, "completed");
    await auditJourney(tx, systemActor("Journeys"), "completed", journeyId);
    return true;
  });
}

/** One index probe per tile: finished visits are due at infinity. */
async function isAnybodyInside(
  queries: Pick<Database, "first">,
  { versionId, plan }: LiveJourney,
): Promise<boolean> {
  const row = await queries.first(sql`
    select tile from unnest(${plan.steps.map(({ id }) => id)}::text[]) as tile
    where exists (
      select from journey_visits
      where version_id = ${versionId} and node_id = tile and due_at < 'infinity')
    limit 1`);
  return row !== undefined;
}

async function countInside(tx: Transaction, versionId: string): Promise<number> {
  const row = await tx.first<{ inside: number }>(sql`
    select count(*)::float8 as inside from journey_visits where version_id = ${versionId} and finished_at is null`);
  return row?.inside ?? 0;
}
