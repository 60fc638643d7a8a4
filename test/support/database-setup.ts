import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "#server/platform/embedded-postgres/index.ts";
import { migrate } from "#server/platform/migrations/migrate.ts";
import { createTemplateOn } from "./external-server.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The migrated database that tests clone; nobody may stay connected to it. */
    templateDatabaseUrl: string;
  }
}

/**
 * Waits until its standard input ends, which happens when its parent exits in any way, also by kill -9; then stops
 * the server and deletes its directory. Without it a killed test run would leave a server behind for ever.
 */
const janitor = `cat > /dev/null
pid=$(head -n 1 "$1/cluster/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid"
  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
fi
rm -rf "$1"`;

/** Memory, where there is some (containers have 64 MB): tests never need to survive a power cut. */
function hasRoom(directory: string): boolean {
  if (!existsSync(directory)) return false;
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize > 2 * 1024 ** 3;
}

/** Several runs share a machine. */
const small = {
  shared_buffers: "128MB",
  max_wal_size: "512MB",
  // Kept in its directory, so that a killed server leaves nothing behind in /dev/shm.
  dynamic_shared_memory_type: "mmap",
};

/**
 * Vitest's global set-up: a migrated database to clone, on one throwaway PostgreSQL per run, or on the server of
 * POSTROAD_TEST_DATABASE_URL.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const external = process.env.POSTROAD_TEST_DATABASE_URL;
  return external ? setUpOn(external, project) : setUpThrowawayServer(project);
}

async function setUpOn(serverUrl: string, project: TestProject): Promise<() => Promise<void>> {
  const template = await createTemplateOn(serverUrl);
  project.provide("templateDatabaseUrl", template.url);
  return async () => {
    if (!process.env.POSTROAD_KEEP) return template.drop();
    console.log(
      `The test databases are kept; their names begin with${new URL(template.url).pathname.replace("/", " ")}.`,
    );
  };
}

async function setUpThrowawayServer(project: TestProject): Promise<() => Promise<void>> {
  const home = hasRoom("/dev/shm") ? "/dev/shm" : tmpdir();
  const directory = mkdtempSync(join(home, "postroad-test-"));
  const keeper = spawn("sh", ["-c", janitor, "janitor", directory], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const clear = async () => {
    const gone = once(keeper, "exit");
    keeper.stdin.end();
    await gone;
  };
  try {
    const server = await startEmbeddedPostgres({ directory, durable: false, settings: small });
    await migrate(server.url);
    project.provide("templateDatabaseUrl", server.url);
    return async () => {
      if (!process.env.POSTROAD_KEEP) return clear();
      keeper.kill("SIGKILL");
      console.log(`The test databases are kept at ${server.url} (process ${server.pid}, ${directory}).`);
    };
  } catch (error) {
    await clear();
    throw error;
  }
}
