import { setTimeout as sleep } from "node:timers/promises";
import { createOwnerSetupLink } from "./access/index.ts";
import { compose, type ProcessRole, type Product, type Stop } from "./compose.ts";
import { serveWebApp } from "./platform/http/serve-web-app.ts";
import {
  type Clock,
  type Config,
  createJobs,
  createLog,
  createNews,
  createSecrets,
  isDatabaseAway,
  type Log,
  loadInstanceKey,
  openDatabase,
  type Platform,
  watchOutage,
} from "./platform/index.ts";
import { migrate } from "./platform/migrations/migrate.ts";

export type ProcessOptions = {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly roles: readonly ProcessRole[];
  /** The built web app; undefined where no person opens this process. */
  readonly webDirectory: string | undefined;
  readonly clock: Clock;
  /** Why the database could not be brought up to date before, if it is away. */
  readonly databaseAway?: Error | undefined;
};

export type RunningProcess = {
  /** Where it listens; undefined for roles that do not. */
  readonly address: string | undefined;
  /** The link that makes the owner account; undefined when there is an owner, or nobody to print it for. */
  readonly ownerLink: string | undefined;
  /** Takes no more requests, finishes the work under way and closes the database connections. */
  readonly stop: () => Promise<void>;
};

/** [T44] Roles that have something to do while the database is away. */
export function answersAlone(role: ProcessRole): boolean {
  return role === "web" || role === "tracker";
}

/**
 * Runs the product in this process, in the given roles, on a migrated database. [T44] If the database is away, it answers what it can
 * from what is kept on its disk, and is whole as soon as the database is back.
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { config, databaseUrl, roles, webDirectory, clock, databaseAway } = options;
  const log = createLog(config.logLevel);
  const db = openDatabase(databaseUrl, log);
  try {
    const platform: Platform = {
      db,
      config,
      clock,
      log,
      secrets: createSecrets(loadInstanceKey(config.keyFile)),
      jobs: createJobs(db, log),
      news: createNews(db, log),
    };
    const isAway = databaseAway !== undefined;
    const product = await compose(platform, { isDatabaseAway: isAway }).catch((error: unknown) => {
      throw isDatabaseAway(error) && databaseAway ? databaseAway : error;
    });
    const { app, start } = product;
    if (webDirectory !== undefined && roles.includes("web")) await serveWebApp(app, webDirectory);
    const isReachable = roles.includes("web") || roles.includes("tracker");
    const address = isReachable ? await app.listen({ port: config.port, host: config.host }) : undefined;
    const stopLoops = start(isAway ? roles.filter(answersAlone) : roles);
    const stopRest = isAway ? startLater(product, options, log) : async () => {};
    return {
      address,
      ownerLink: roles.includes("web") && !isAway ? await createOwnerSetupLink(platform) : undefined,
      async stop() {
        await app.close();
        await stopRest();
        await stopLoops();
        await db.close();
      },
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}

const lookAgainMilliseconds = 1000;

/** Waits until the database is back, brings it up to date, and starts what needs it. */
function startLater({ prepare, start }: Product, { databaseUrl, roles }: ProcessOptions, log: Log): Stop {
  const stopping = new AbortController();
  const outage = watchOutage(log, { failing: "the database is away", over: "the database is there" });
  const bringUp = async () => {
    await migrate(databaseUrl);
    await prepare();
    return stopping.signal.aborted ? undefined : start(roles.filter((role) => !answersAlone(role)));
  };
  const started = (async () => {
    for (;;) {
      const stop = await outage.during(bringUp);
      if (stop || stopping.signal.aborted) return stop;
      await sleep(lookAgainMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stopping.abort();
    await (await started)?.();
  };
}
