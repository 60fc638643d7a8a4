import { type Database, type Platform, sql } from "../platform/index.ts";
import { type HeldDomain, keepSizeLimit, type Road, type RoadConnection } from "../senders/index.ts";
import { tellOfHalt } from "./halts.ts";
import { waitsFor } from "./hold-for-domain.ts";
import type { Trouble } from "./road-lane.ts";

/** [D12] Writes down that a road is broken and since when, or that it works again, for people to see. */
export async function noteTrouble({ db, log }: Platform, road: Road, trouble: Trouble | null): Promise<void> {
  if (!trouble) {
    const healed = await db.run(sql`delete from route_troubles where route_id = ${road.id}`);
    if (healed > 0) log.info({ route: road.id }, "a route works again");
    return;
  }
  log.warn({ route: road.id, phase: trouble.phase, reason: trouble.message }, "a route does not work");
  await db.run(sql`
    insert into route_troubles (route_id, phase, message, failures, retry_at)
    values (${road.id}, ${trouble.phase}, ${trouble.message}, ${trouble.failures}, ${trouble.retryAt})
    on conflict (route_id) do update set phase = excluded.phase, message = excluded.message, failures = excluded.failures,
      retry_at = excluded.retry_at`);
}

/** [D114] Keeps what a server said of the largest message it takes, if that is news. */
export async function noteSize(
  db: Database,
  road: Road,
  capabilities: RoadConnection["capabilities"],
): Promise<void> {
  if ((capabilities.size || null) !== road.sizeLimit) await keepSizeLimit(db, road.id, capabilities);
}

/**
 * Pauses a mailing whose sender is refused [D10], or whose domain cannot be signed for now [S3]: every further recipient would
 * meet the same, and none is to blame. The latter goes on by itself (hold-for-domain).
 */
export async function pauseMailing(
  { db, log }: Platform,
  mailingId: string,
  problem: string | HeldDomain,
): Promise<void> {
  const [domain, reason] =
    typeof problem === "string"
      ? [null, `The route refused the sender: ${problem}`]
      : [problem.domain, `${waitsFor(problem.domain)} because it cannot be signed. ${problem.reason}`];
  const paused = await db.transaction(async (tx) => {
    const count = await tx.run(sql`
      update mailings set state = 'paused', pause_reason = ${reason}, held_domain = ${domain}
      where id = ${mailingId} and state = 'running'`);
    if (count > 0) await tellOfHalt(tx);
    return count;
  });
  if (paused > 0) log.warn({ mailing: mailingId, reason }, "a mailing was paused because of its sender");
}
