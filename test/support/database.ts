import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase } from "#server/platform/db/database.ts";
import { createLog } from "#server/platform/log.ts";

export type TestDatabase = {
  readonly url: string;
  readonly db: Database;
  /** Closes the pool and drops the database; with POSTROAD_KEEP set it stays for a look (the run prints where). */
  readonly drop: () => Promise<void>;
};

/** Gives a database of its own with the current schema, cloned in some tens of milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = new URL(inject("templateDatabaseUrl"));
  const original = template.pathname.slice(1);
  const name = `${original}_${randomBytes(8).toString("hex")}`;
  await asAdministrator(template, `create database ${name} template ${original}`);
  const url = Object.assign(new URL(template), { pathname: `/${name}` }).href;
  const db = openDatabase(url, createLog("silent"));
  return {
    url,
    db,
    drop: async () => {
      await db.close();
      if (!process.env.POSTROAD_KEEP) await asAdministrator(template, `drop database ${name} with (force)`);
    },
  };
}

async function asAdministrator(template: URL, statement: string): Promise<void> {
  const client = new pg.Client({
    connectionString: Object.assign(new URL(template), { pathname: "/postgres" }).href,
  });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
