import { startOf } from "#core/journeys/plan.ts";
import { loadStatement, sql, type Transaction } from "#server/platform/index.ts";
import { addTotals } from "./add-totals.ts";
import { joinMovers, type LiveJourney } from "./live-journey.ts";
import { arrival, arrivalDeltas, type EngineDeps, withCondition } from "./move-batch.ts";

const enter = loadStatement(import.meta.url, "./queries/enter.sql");

/** How often a journey looks for members who joined its segment, in seconds. */
const joinEverySeconds = 60;

/** [J10] Says whether it is time to let members in: at once after going live, then once a minute if late ones may come. */
export function isTimeToEnter(
  { plan, joinedAt }: Pick<LiveJourney, "plan" | "joinedAt">,
  now: Date,
): boolean {
  if (!joinedAt) return true;
  return startOf(plan).joinLater && now.getTime() - joinedAt.getTime() >= joinEverySeconds * 1000;
}

/** Lets in the members who have never visited the journey. Returns how many entered; one engine at a time does it. */
export function enterContacts({ db, clock, audience }: EngineDeps, journey: LiveJourney): Promise<number> {
  return db.transaction(async (tx) => {
    if (!(await isOnlyOne(tx, journey.journeyId))) return 0;
    if (!(await joinMovers(tx, journey))) return 0;
    const now = clock.now();
    const row = await tx.first<{ joined_at: Date | null }>(
      sql`select joined_at from journeys where id = ${journey.journeyId}`,
    );
    if (!isTimeToEnter({ plan: journey.plan, joinedAt: row?.joined_at ?? null }, now)) return 0;
    const { entered, firstVisitId } = await enterMembers(tx, journey, now, audience);
    await tx.run(sql`
      update journeys set joined_at = ${now}, first_visit_id = coalesce(first_visit_id, ${firstVisitId})
      where id = ${journey.journeyId}`);
    return entered;
  });
}

async function isOnlyOne(tx: Transaction, journeyId: string): Promise<boolean> {
  // The shared one keeps erasing out meanwhile, so that nobody enters who is being erased. [J4]
  const row = await tx.first<{ alone: boolean }>(sql`
    select pg_try_advisory_xact_lock(hashtextextended(${`journeys.enter:${journeyId}`}, 0)) as alone`);
  await tx.run(sql`select pg_advisory_xact_lock_shared(hashtextextended('journeys.enter', 0))`);
  return row?.alone === true;
}

async function enterMembers(
  tx: Transaction,
  { journeyId, versionId, plan }: LiveJourney,
  now: Date,
  audience: EngineDeps["audience"],
): Promise<{ entered: number; firstVisitId: string | null }> {
  const start = startOf(plan);
  const [tileId, dueAt, isEnd] = arrival(plan, start.next, now);
  const members = await audience.segmentSql(tx, start.segmentId, now);
  const row = await tx.first<{ entered: number; first_visit_id: string | null }>(
    withCondition(enter.text, members, [journeyId, versionId, tileId, now, dueAt, isEnd]),
  );
  const total = row?.entered ?? 0;
  if (total > 0)
    await addTotals(tx, versionId, [
      { tileId: start.id, exit: "arrived", total },
      { tileId: start.id, exit: "next", total },
      ...arrivalDeltas(plan, start.next, total),
    ]);
  return { entered: total, firstVisitId: row?.first_visit_id ?? null };
}
