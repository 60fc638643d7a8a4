import { join } from "node:path";
import type { Config } from "./config.ts";
import { findEmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres/index.ts";
import { findInstance, lockInstance } from "./instance-lock.ts";
import { migrate } from "./migrations/migrate.ts";

export type ProvidedDatabase = {
  readonly url: string;
  /** Gives the database back; the embedded one stops when it was started for this. */
  readonly release: () => Promise<void>;
};

/** Where the embedded PostgreSQL of a data directory lives. */
export function postgresDirectory(dataDirectory: string): string {
  return join(dataDirectory, "postgres");
}

/**
 * The product's database for a command: DATABASE_URL, or the embedded one, joined when Postroad is running and
 * started for the time being when it is not. Migrated either way.
 */
export async function provideDatabase(
  config: Pick<Config, "dataDirectory" | "databaseUrl">,
): Promise<ProvidedDatabase> {
  const directory = postgresDirectory(config.dataDirectory);
  const running =
    config.databaseUrl ?? (findInstance(config.dataDirectory) ? findEmbeddedPostgres(directory) : undefined);
  if (running !== undefined) {
    await migrate(running);
    return { url: running, release: async () => undefined };
  }
  const taken = lockInstance(config.dataDirectory);
  if ("heldBy" in taken)
    throw new Error(
      `postroad is starting or stopping on ${config.dataDirectory} (process ${taken.heldBy.pid}); try again in a moment.`,
    );
  try {
    const server = await startEmbeddedPostgres({ directory });
    await migrate(server.url);
    return {
      url: server.url,
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
