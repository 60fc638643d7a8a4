import { createOwnerSetupLink } from "./access/index.ts";
import { compose, type ProcessRole } from "./compose.ts";
import { serveWebApp } from "./platform/http/serve-web-app.ts";
import {
  type Clock,
  type Config,
  createJobs,
  createLog,
  createNews,
  createSecrets,
  loadInstanceKey,
  openDatabase,
  type Platform,
} from "./platform/index.ts";

export type ProcessOptions = {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly roles: readonly ProcessRole[];
  /** The built web app; undefined where no person opens this process. */
  readonly webDirectory: string | undefined;
  readonly clock: Clock;
};

export type RunningProcess = {
  /** Where it listens; undefined for roles that do not. */
  readonly address: string | undefined;
  /** The link that makes the owner account; undefined when there is an owner, or nobody to print it for. */
  readonly ownerLink: string | undefined;
  /** Takes no more requests, finishes the work under way and closes the database connections. */
  readonly stop: () => Promise<void>;
};

/** Runs the product in this process, in the given roles, on a migrated database. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { config, databaseUrl, roles, webDirectory, clock } = options;
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
    const { app, start } = await compose(platform);
    if (webDirectory !== undefined && roles.includes("web")) await serveWebApp(app, webDirectory);
    const isReachable = roles.includes("web") || roles.includes("tracker");
    const address = isReachable ? await app.listen({ port: config.port, host: config.host }) : undefined;
    const stopLoops = start(roles);
    return {
      address,
      ownerLink: roles.includes("web") ? await createOwnerSetupLink(platform) : undefined,
      async stop() {
        await app.close();
        await stopLoops();
        await db.close();
      },
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}
