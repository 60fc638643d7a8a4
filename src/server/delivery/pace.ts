import { setTimeout as sleep } from "node:timers/promises";
import { type Queries, sql } from "../platform/index.ts";
import type { Road } from "../senders/index.ts";

/**
 * [D14] Waits until a route may take so many more messages. The pace is kept in the database, so that it holds for all senders
 * together: each reserves its stretch of time and sleeps until it begins. False if the wait was cut short.
 */
export async function waitForPace(
  db: Queries,
  road: Road,
  messages: number,
  stop: AbortSignal,
): Promise<boolean> {
  if (road.messagesPerSecond === null) return !stop.aborted;
  const seconds = messages / road.messagesPerSecond;
  const row = await db.first<{ wait: string }>(sql`
    insert into route_paces as pace (route_id, free_at) values (${road.id}, clock_timestamp() + make_interval(secs => ${seconds}))
    on conflict (route_id) do update
      set free_at = greatest(pace.free_at, clock_timestamp()) + make_interval(secs => ${seconds})
    returning extract(epoch from pace.free_at - clock_timestamp()) - ${seconds}::float8 as wait`);
  const wait = Math.max(0, Number(row?.wait ?? 0)) * 1000;
  if (wait > 0) await sleep(wait, undefined, { signal: stop }).catch(() => undefined);
  return !stop.aborted;
}
