import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { anyFreePort } from "../free-port.ts";
import { findBinaries } from "./binaries.ts";
import { type Cluster, prepareCluster, serverEnvironment } from "./cluster.ts";
import { findPostmaster, isAlive } from "./postmaster.ts";
import { chooseSettings } from "./settings.ts";

export type EmbeddedPostgres = {
  /** Connection string of the product's database, password included: never log it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** True when a server that outlived its parent was taken over instead of starting one. */
  readonly isAdopted: boolean;
  /** Ends all sessions, writes everything out and stops the server. */
  readonly stop: () => Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** Holds cluster, password and server log; made if missing. */
  readonly directory: string;
  /** False for throwaway databases of tests: no fsync. Default true. */
  readonly durable?: boolean;
  /** Where it must listen; without it a free port is taken. */
  readonly port?: number;
  /** Settings over the chosen ones. */
  readonly settings?: Readonly<Record<string, string>>;
};

const startTimeoutMs = 10 * 60_000; // crash recovery after a long unclean run takes its time
const stopTimeoutMs = 30_000;
const database = "postroad";

/**
 * Gives a running PostgreSQL on `directory`: adopts the one that a killed parent left there, or starts one.
 * Throws with the server's own words when it cannot start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = findBinaries();
  const cluster = prepareCluster(options.directory, binaries, options.durable ?? true);
  const left = findPostmaster(cluster.path);
  if (left) {
    await untilReady(cluster, left.port, () => isAlive(left.pid));
    return { ...handle(cluster, left.pid, left.port), isAdopted: true };
  }
  rmSync(join(cluster.path, "postmaster.pid"), { force: true });
  const log = join(options.directory, "server.log");
  for (let attempt = 1; ; attempt++) {
    const started = await startServer(cluster, binaries.postgres, options, log);
    if ("server" in started) return started.server;
    // The port was taken in between, or processes of a killed server still let go of its memory.
    const isPassing = /could not (bind|create any TCP)|pre-existing shared memory/.test(started.failure);
    if (!isPassing || attempt >= 40) throw new Error(`PostgreSQL did not start:\n${started.failure.trim()}`);
    await pause(250);
  }
}

/** Whether a server runs on `directory` now. */
export function isEmbeddedPostgresAlive(directory: string): boolean {
  return findPostmaster(join(directory, "cluster")) !== undefined;
}

/** The connection string of the server that runs on `directory` now; undefined when none does. */
export function findEmbeddedPostgres(directory: string): string | undefined {
  const path = join(directory, "cluster");
  const running = findPostmaster(path);
  if (!running) return undefined;
  return urlOf(readFileSync(join(directory, "password"), "utf8").trim(), running.port, database);
}

async function startServer(
  cluster: Cluster,
  postgres: string,
  options: EmbeddedPostgresOptions,
  log: string,
): Promise<{ server: EmbeddedPostgres } | { failure: string }> {
  const port = options.port ?? (await anyFreePort());
  const settings = { ...chooseSettings(), ...options.settings, port: String(port) };
  const unsafe = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };
  const all = Object.entries(options.durable === false ? { ...settings, ...unsafe } : settings);
  const [program, args] = cluster.account.command(postgres, [
    "-D",
    cluster.path,
    ...all.flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]);
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) renameSync(log, `${log}.old`);
  const output = openSync(log, "a", 0o600);
  const begin = statSync(log).size;
  // Its own process group: Ctrl-C in the terminal must reach us only, since the database stops last.
  const child = spawn(program, args, {
    ...cluster.account.spawnAs,
    cwd: "/",
    env: serverEnvironment(),
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const exit = watchExit(child);
  try {
    await untilReady(cluster, port, () => !exit.happened);
  } catch (error) {
    if (!exit.happened) child.kill("SIGQUIT");
    const words = readFileSync(log).subarray(begin).toString("utf8");
    return { failure: words || String(error instanceof Error ? error.message : error) };
  }
  child.unref();
  const pid = findPostmaster(cluster.path)?.pid ?? child.pid;
  if (pid === undefined) return { failure: "The server has no process id." };
  return { server: { ...handle(cluster, pid, port), isAdopted: false } };
}

function watchExit(child: ChildProcess): { readonly happened: boolean } {
  const state = { happened: false };
  child.once("error", () => {
    state.happened = true;
  });
  child.once("exit", () => {
    state.happened = true;
  });
  return state;
}

function handle(cluster: Cluster, pid: number, port: number): Omit<EmbeddedPostgres, "isAdopted"> {
  return {
    url: urlOf(cluster.password, port, database),
    port,
    pid,
    stop: () => stopServer(cluster.path, pid),
  };
}

function urlOf(password: string, port: number, name: string): string {
  return `postgres://postroad:${password}@127.0.0.1:${port}/${name}`;
}

/** Waits for a successful connection (not for a log line), then makes sure that the product's database is there. */
async function untilReady(cluster: Cluster, port: number, isRunning: () => boolean): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    const client = new pg.Client({ connectionString: urlOf(cluster.password, port, "postgres") });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query("select from pg_database where datname = $1", [database]);
      if (rowCount === 0) await client.query(`create database ${database}`);
      return;
    } catch (error) {
      const isStarting =
        error instanceof Error && "code" in error && ["ECONNREFUSED", "57P03"].includes(String(error.code));
      if (!isRunning() || !isStarting || performance.now() > deadline) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
    await pause(20);
  }
}

/** A fast shutdown; a server that hangs is told to quit at once (it recovers at the next start). */
async function stopServer(cluster: string, pid: number): Promise<void> {
  const isRunning = () => findPostmaster(cluster)?.pid === pid;
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    if (!isRunning()) return;
    process.kill(pid, signal);
    const deadline = performance.now() + stopTimeoutMs;
    while (isRunning() && performance.now() < deadline) await pause(10);
  }
}
