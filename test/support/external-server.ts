import { randomBytes } from "node:crypto";
import pg from "pg";
import { migrate } from "#server/platform/migrations/migrate.ts";

export type ExternalTemplate = {
  /** The migrated database that tests clone. */
  readonly url: string;
  /** Drops it, and what a killed test left of its clones. */
  readonly drop: () => Promise<void>;
};

/**
 * Makes this run's template on a server that is already there, for instance a PostgreSQL 15. Nothing else on the server
 * is touched: the names of the clones begin with that of the template.
 */
export async function createTemplateOn(serverUrl: string): Promise<ExternalTemplate> {
  const name = `postroad_test_${randomBytes(6).toString("hex")}`;
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const drop = () =>
    onServer(serverUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        "select datname as name from pg_database where starts_with(datname::text, $1)",
        [name],
      );
      for (const each of rows) await client.query(`drop database ${each.name} with (force)`);
    });
  await onServer(serverUrl, (client) => client.query(`create database ${name}`));
  try {
    await migrate(url);
  } catch (error) {
    await drop();
    throw error;
  }
  return { url, drop };
}

async function onServer(serverUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({
    connectionString: Object.assign(new URL(serverUrl), { pathname: "/postgres" }).href,
  });
  await client.connect();
  await work(client).finally(() => client.end());
}
