import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startEmbeddedPostgres } from "#server/platform/embedded-postgres/index.ts";
import { createJobs, createLog, createNews, openDatabase } from "#server/platform/index.ts";
import { migrate } from "#server/platform/migrations/migrate.ts";
import { createTestPlatform, until } from "#test/mailing.ts";
import { createFaultWorld, end, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
let clear: (() => Promise<void>) | undefined;
afterEach(async () => {
  await world?.close();
  await clear?.();
});

/** Ways for a server to go: `pg_ctl stop -m fast`, `-m immediate`, and a crash. */
const ways = ["SIGINT", "SIGQUIT", "SIGKILL"] as const;
const recipients = 4000;

test("[D6] [D8] F-25: PostgreSQL that is restarted fast, at once, and after kill -9 under load leaves the sender up and the books exact", async () => {
  const directory = mkdtempSync(join(tmpdir(), "postroad-restarts-"));
  const settings = { shared_buffers: "64MB", dynamic_shared_memory_type: "mmap" };
  let server = await startEmbeddedPostgres({ directory, settings });
  await migrate(server.url);
  const log = createLog("silent");
  const db = openDatabase(server.url, log);
  const base = await createTestPlatform();
  clear = async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  world = await createFaultWorld({
    recipients,
    platform: {
      ...base,
      databaseUrl: server.url,
      db,
      jobs: createJobs(db, log),
      news: createNews(db, log),
      drop: async () => {
        await db.close();
        await base.drop();
      },
    },
  });
  const child = world.startProcess();
  for (const [n, how] of ways.entries()) {
    await until("it sends", async () => (world?.log.accepted() ?? 0) > 300 + n * 900);
    const { port, pid } = server;
    process.kill(pid, how);
    await until("the server is gone", async () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
    server = await startEmbeddedPostgres({ directory, settings, port });
    await db.pool.query("update delivery_chunks set available_at = now() where finished_at is null");
  }
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: recipients, accepted: recipients });
  expect(child.exitCode).toBeNull();
  await end(child, "SIGTERM");
  expect(child.exitCode).toBe(0);
});
