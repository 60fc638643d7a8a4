import { readdirSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { checkDatabase } from "./check-database.ts";

const directory = join(import.meta.dirname, "../../../../db/migrations");

/**
 * Brings the database up to date: every file of db/migrations that it has not seen, in order, each in its own
 * transaction. Processes that start together wait for each other. Returns the names that were applied now. Throws a
 * plain sentence when the database does not answer or is not one that Postroad can work on.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = await connect(databaseUrl);
  try {
    await checkDatabase(client);
    await refuseNewer(client);
    // Creating what exists already raises notices that say nothing.
    await client.query("set client_min_messages = warning");
    // Loaded by whoever migrates, since it takes 15 MB of every process.
    const { runner } = await import("node-pg-migrate");
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

/** A database that a later version has changed is left alone: what this one would write there, nobody knows. */
async function refuseNewer(client: pg.Client): Promise<void> {
  const known = readdirSync(directory).map((file) => file.replace(/\.sql$/, ""));
  const { rows: tables } = await client.query(
    "select from pg_tables where tablename = 'migrations' and schemaname = current_schema()",
  );
  if (tables.length === 0) return;
  const { rows } = await client.query<{ name: string }>(
    "select name from migrations where name <> all($1::text[]) order by name desc limit 1",
    [known],
  );
  if (rows[0])
    throw new Error(
      `The database ${client.database} was changed by a newer version of Postroad (${rows[0].name}), which this one does not know.\n` +
        "  Start that version again, or put back a backup from before the upgrade.",
    );
}

/** The server's own words are kept ("password authentication failed for user …"); the URL, with its password, is not told. */
async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return client;
  } catch (error) {
    // Node gives no message of its own when several addresses of a name were tried.
    const tried = error instanceof AggregateError ? error.errors : [error];
    const words = tried.map((each) => (each instanceof Error ? each.message : String(each))).join("; ");
    throw new Error(
      `No connection to the database ${client.database} on ${client.host}:${client.port}: ${words}`,
      {
        cause: error,
      },
    );
  }
}
