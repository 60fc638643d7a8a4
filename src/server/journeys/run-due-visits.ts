import { loadStatement } from "#server/platform/index.ts";
import { enterContacts, isTimeToEnter } from "./enter-contacts.ts";
import type { LiveJourney, LoadLiveJourneys } from "./live-journey.ts";
import { type EngineDeps, moveBatch } from "./move-batch.ts";

const dueTiles = loadStatement(import.meta.url, "./queries/due-tiles.sql");

/** Visits moved by one transaction. More is hardly faster and keeps pausing waiting; 50,000 take about a second. */
export const batchSize = 50_000;

export type Round = { readonly entered: number; readonly moved: number };

/**
 * One round of the engine: lets contacts in where it is time, then moves one batch at each tile where visits are due,
 * in the order of travel. Rounds are repeated while they find something, so contacts flow on tile after tile. [J18]
 * A journey that fails does not keep the others from moving; its error is thrown once all had their turn.
 */
export async function runDueVisits(
  deps: EngineDeps,
  load: LoadLiveJourneys,
  size: number = batchSize,
): Promise<Round> {
  const journeys = await load(deps.db, ["live"]);
  const round = { entered: 0, moved: 0 };
  const failures: unknown[] = [];
  const attempt = async (work: () => Promise<void>) => work().catch((error: unknown) => failures.push(error));

  for (const journey of journeys)
    if (isTimeToEnter(journey, deps.clock.now()))
      await attempt(async () => {
        round.entered += await enterContacts(deps, journey);
      });
  for (const { journey, step } of await findDueTiles(deps, journeys))
    await attempt(async () => {
      round.moved += await moveBatch(deps, journey, step, size);
    });
  if (failures.length > 0) throw new AggregateError(failures, "some journeys could not move");
  return round;
}

async function findDueTiles({ db, clock }: EngineDeps, journeys: readonly LiveJourney[]) {
  const tiles = journeys.flatMap((journey) => journey.plan.steps.map((step) => ({ journey, step })));
  if (tiles.length === 0) return [];
  const rows = await db.named<{ version_id: string; node_id: string }>(dueTiles, [
    tiles.map(({ journey }) => journey.versionId),
    tiles.map(({ step }) => step.id),
    clock.now(),
  ]);
  const due = new Set(rows.map(({ version_id, node_id }) => `${version_id} ${node_id}`));
  return tiles.filter(({ journey, step }) => due.has(`${journey.versionId} ${step.id}`));
}
