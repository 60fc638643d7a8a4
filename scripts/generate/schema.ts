import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "../../src/server/platform/embedded-postgres/index.ts";
import { createLog, openDatabase } from "../../src/server/platform/index.ts";
import { dumpSchema } from "../../src/server/platform/migrations/dump-schema.ts";
import { migrate } from "../../src/server/platform/migrations/migrate.ts";

/** db/schema.sql: what all migrations together make, read from a database that is thrown away. */
export async function generateSchema(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "postroad-schema-"));
  try {
    const server = await startEmbeddedPostgres({ directory, durable: false });
    try {
      await migrate(server.url);
      const db = openDatabase(server.url, createLog("silent"), 1);
      return await dumpSchema(db).finally(() => db.close());
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
