import { join } from "node:path";
import { runner } from "node-pg-migrate";
import pg from "pg";

const directory = join(import.meta.dirname, "../../../../db/migrations");

/**
 * Brings the database up to date: every file of db/migrations that it has not seen, in order, each in its own
 * transaction. Processes that start together wait for each other. Returns the names that were applied now.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Creating what exists already raises notices that say nothing.
    await client.query("set client_min_messages = warning");
    const applied = await runner({
      dbClient: client,
      dir: directory,
      direction: "up",
      migrationsTable: "migrations",
      singleTransaction: false,
      advisoryLockMode: "wait",
      checkOrder: true,
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    return applied.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
