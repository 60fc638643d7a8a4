import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "../../sdk/src/index.ts";
import { startProcess } from "../../src/server/main.ts";
import { startEmbeddedPostgres } from "../../src/server/platform/embedded-postgres/index.ts";
import {
  createLog,
  type Database,
  openDatabase,
  readConfig,
  systemClock,
} from "../../src/server/platform/index.ts";
import { migrate } from "../../src/server/platform/migrations/migrate.ts";
import { becomeOwner } from "./product-process.ts";

/** A database and data directory of their own, with the web role in this process for setting things up as a user does. */
export type Workplace = {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly client: ReturnType<typeof createClient>;
  /** The server's first process: the others descend from it. */
  readonly postgresPid: number;
  /** What further processes of the product need to work on the same data. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
};

/** Links of a bench lead here; nobody follows them. */
const publicUrl = "https://mail.bench.example";

/** Starts the embedded PostgreSQL as the product does, durable and with its settings, and sets up an owner. */
export async function openWorkplace(): Promise<Workplace> {
  const data = mkdtempSync(join(tmpdir(), "postroad-bench-"));
  const postgres = await startEmbeddedPostgres({ directory: join(data, "postgres") });
  const environment = {
    DATABASE_URL: postgres.url,
    POSTROAD_DATA: data,
    POSTROAD_PUBLIC_URL: publicUrl,
    POSTROAD_LOG: "error",
  };
  const stopDatabase = async () => {
    await postgres.stop();
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await migrate(postgres.url);
    const web = await startProcess({
      config: readConfig({ ...environment, POSTROAD_PORT: "0" }),
      databaseUrl: postgres.url,
      roles: ["web"],
      webDirectory: undefined,
      clock: systemClock,
    });
    const baseUrl = web.address ?? "";
    const token = web.ownerLink?.slice(web.ownerLink.indexOf("#") + 1) ?? "";
    const client = createClient({ baseUrl, apiKey: await becomeOwner(baseUrl, token) });
    const db = openDatabase(postgres.url, createLog("error"), 4);
    return {
      db,
      databaseUrl: postgres.url,
      client,
      postgresPid: postgres.pid,
      environment,
      async stop() {
        await db.close();
        await web.stop();
        await stopDatabase();
      },
    };
  } catch (error) {
    await stopDatabase();
    throw error;
  }
}
