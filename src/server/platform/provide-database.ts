import { join } from "node:path";
import type { Config } from "./config.ts";
import { findEmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres/index.ts";
import { findInstance, lockInstance } from "./instance-lock.ts";
import { migrate } from "./migrations/migrate.ts";

type Where = Pick<Config, "dataDirectory" | "databaseUrl">;

export type ProvidedDatabase = {
  readonly url: string;
  /** The migrations that were missing. */
  readonly applied: readonly string[];
  /** Gives the database back; the embedded one stops when it was started for this. */
  readonly release: () => Promise<void>;
};

/** Where the embedded PostgreSQL of a data directory lives. */
export function postgresDirectory(dataDirectory: string): string {
  return join(dataDirectory, "postgres");
}

/** DATABASE_URL, or the embedded database of the instance that is running on this data now; undefined without either. */
export function findRunningDatabase({ databaseUrl, dataDirectory }: Where): string | undefined {
  if (databaseUrl !== undefined) return databaseUrl;
  return findInstance(dataDirectory) ? findEmbeddedPostgres(postgresDirectory(dataDirectory)) : undefined;
}

/**
 * The product's database for a command: DATABASE_URL, or the embedded one, joined when Postroad is running and
 * started for the time being when it is not. Migrated either way.
 */
export async function provideDatabase(config: Where): Promise<ProvidedDatabase> {
  const running = findRunningDatabase(config);
  if (running !== undefined)
    return { url: running, applied: await migrate(running), release: async () => undefined };
  const taken = lockInstance(config.dataDirectory);
  if ("heldBy" in taken)
    throw new Error(
      `postroad is starting or stopping on ${config.dataDirectory} (process ${taken.heldBy.pid}); try again in a moment.`,
    );
  try {
    const server = await startEmbeddedPostgres({ directory: postgresDirectory(config.dataDirectory) });
    return {
      url: server.url,
      applied: await migrate(server.url),
      release: async () => {
        await server.stop();
        taken.lock.release();
      },
    };
  } catch (error) {
    taken.lock.release();
    throw error;
  }
}
