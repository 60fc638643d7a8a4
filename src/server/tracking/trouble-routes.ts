import { troubleRoutes } from "#contract/tracking.ts";
import { audit } from "../access/index.ts";
import { forgetLostTakers, listSilentTakers } from "../delivery/index.ts";
import type { Http } from "../platform/http/implement.ts";
import { type Platform, sql } from "../platform/index.ts";

/** Binds what a person should know about taking hits and unsubscribes. */
export function bindTroubleRoutes(http: Http, { db }: Pick<Platform, "db">): void {
  http.implement(troubleRoutes.list, async () => {
    const [lost, silent, clock] = await Promise.all([
      db.rows<{ host: string; hits: string; since: Date; until: Date }>(
        sql`select host, hits, since, until_at as until from lost_hits order by host`,
      ),
      listSilentTakers(db),
      db.first<{ now: Date }>(sql`select clock_timestamp() as now`),
    ]);
    return {
      at: (clock?.now ?? new Date(0)).toISOString(),
      lost: lost.map(({ host, hits, since, until }) => ({
        host,
        hits: Number(hits),
        since: since.toISOString(),
        until: until.toISOString(),
      })),
      silent: silent.map(({ name, heardAt, isWaitedFor }) => ({
        host: name.split("-")[0] ?? name,
        heardAt: heardAt.toISOString(),
        isWaitedFor,
      })),
    };
  });
  http.implement(troubleRoutes.seen, async ({ actor, body }) => {
    await db.transaction(async (tx) => {
      const until = new Date(body.at);
      await tx.run(sql`delete from lost_hits where until_at <= ${until}`);
      await forgetLostTakers(tx, until);
      await audit(tx, actor, { action: "tracking.trouble-seen" });
    });
    return { done: true as const };
  });
}
