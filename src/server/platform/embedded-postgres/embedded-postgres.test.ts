import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedPostgres, findEmbeddedPostgres, startEmbeddedPostgres } from "./index.ts";

let home: string;
let directory: string;
const running = new Set<EmbeddedPostgres>();

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "postroad-embedded-"));
  chmodSync(home, 0o755);
  directory = join(home, "postgres");
});
afterEach(async () => {
  for (const server of running) await server.stop();
  running.clear();
  rmSync(home, { recursive: true });
});

async function start(at = directory, durable = false): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory: at, durable });
  running.add(server);
  return server;
}

async function ask(url: string, text: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ answer: string }>(text).finally(() => client.end());
  return rows[0]?.answer ?? "";
}

/** Starts a server from another process and kills that process without warning. */
async function startAndKillParent(): Promise<void> {
  const program = `import { startEmbeddedPostgres } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
    await startEmbeddedPostgres({ directory: ${JSON.stringify(directory)}, durable: false });
    process.kill(process.pid, "SIGKILL");`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "ignore" });
  const [, signal] = await once(parent, "exit");
  expect(signal).toBe("SIGKILL");
}

describe("embedded PostgreSQL", () => {
  test("a new cluster is UTF-8, checksummed, ordered alike on every system, and asks for its password", async () => {
    const { url } = await start();
    expect(await ask(url, "select current_setting('server_encoding') answer")).toBe("UTF8");
    expect(await ask(url, "select current_setting('data_checksums') answer")).toBe("on");
    expect(await ask(url, "select datlocale answer from pg_database where datname = 'postroad'")).toBe(
      "C.UTF-8",
    );
    expect(await ask(url, "select lower('ÄÖÜ') answer")).toBe("äöü");
    const withoutPassword = Object.assign(new URL(url), { password: "wrong" }).href;
    await expect(ask(withoutPassword, "select '' answer")).rejects.toThrow("password authentication failed");
  });

  test("what was written is there after a stop and a start", async () => {
    const first = await start();
    await ask(first.url, "create table kept as select 'here' answer");
    await first.stop();
    expect(findEmbeddedPostgres(directory)).toBeUndefined();
    const second = await start();
    expect(second.isAdopted).toBe(false);
    expect(await ask(second.url, "select answer from kept")).toBe("here");
  });

  test("a server that outlived its killed parent is adopted, and can be stopped", async () => {
    await startAndKillParent();
    const url = findEmbeddedPostgres(directory);
    const server = await start();
    expect(server.isAdopted).toBe(true);
    expect(server.url).toBe(url);
    await server.stop();
    expect(existsSync(join(directory, "cluster", "postmaster.pid"))).toBe(false);
  });

  test("after everything was killed at once the next start recovers what was committed", async () => {
    const first = await start(directory, true);
    await ask(first.url, "create table kept as select 'here' answer");
    process.kill(first.pid, "SIGKILL");
    const second = await start();
    expect(second.isAdopted).toBe(false);
    expect(await ask(second.url, "select answer from kept")).toBe("here");
  });

  test("a pid file whose number now belongs to another program does not stop a start", async () => {
    const first = await start();
    await first.stop();
    writeFileSync(
      join(directory, "cluster", "postmaster.pid"),
      `${process.pid}\n${directory}/cluster\n0\n5432\n`,
    );
    const second = await start();
    expect(await ask(second.url, "select 'up' answer")).toBe("up");
  });

  test("an initialisation that was cut short is begun again", async () => {
    mkdirSync(join(directory, "cluster.new", "base"), { recursive: true });
    writeFileSync(join(directory, "cluster.new", "PG_VERSION"), "18\n");
    expect(await ask((await start()).url, "select 'up' answer")).toBe("up");
  });

  test("a cluster of another major version is refused by name", async () => {
    await (await start()).stop();
    running.clear();
    writeFileSync(join(directory, "cluster", "PG_VERSION"), "17\n");
    await expect(start()).rejects.toThrow("made by PostgreSQL 17, the bundled one is 18");
  });

  test.runIf(process.getuid?.() === 0)("root can keep its data where nobody else may look", async () => {
    const closed = mkdtempSync(join(homedir(), "postroad-embedded-"));
    try {
      const server = await start(join(closed, "postgres"));
      expect(await ask(server.url, "select 'up' answer")).toBe("up");
      await server.stop();
    } finally {
      rmSync(closed, { recursive: true });
    }
  });
});
