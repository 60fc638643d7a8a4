import { hostname } from "node:os";
import { type Platform, sql, watchOutage } from "../platform/index.ts";

/** [T45] Counts hits that were answered and could not be kept. */
export type LostHits = {
  readonly lost: (error: unknown) => void;
  readonly kept: () => void;
  /** Adds what was lost since to the database, where it outlives this process. */
  readonly note: () => Promise<void>;
};

/** Says at most once a minute that hits are lost, and remembers how many. */
export function countLostHits({ db, log }: Pick<Platform, "db" | "log">): LostHits {
  let unnoted = 0;
  const outage = watchOutage(log, {
    failing: "opens and clicks are answered but cannot be kept, and are not counted",
    over: "opens and clicks are kept again",
  });
  return {
    lost(error) {
      unnoted++;
      outage.met(error);
    },
    kept: outage.over,
    async note() {
      const hits = unnoted;
      if (hits === 0) return;
      await db.run(sql`
        insert into lost_hits (host, hits) values (${hostname()}, ${hits})
        on conflict (host) do update set hits = lost_hits.hits + excluded.hits, until_at = now()`);
      unnoted -= hits;
    },
  };
}
