import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Account, chooseAccount } from "./account.ts";
import type { Binaries } from "./binaries.ts";

export type Cluster = { readonly path: string; readonly password: string; readonly account: Account };

/**
 * Makes sure that a database cluster exists in `directory/cluster`, owned by the account that will run it.
 * It is built under another name and renamed, so that a kill in the middle leaves nothing half made.
 */
export function prepareCluster(directory: string, binaries: Binaries, durable: boolean): Cluster {
  mkdirSync(directory, { recursive: true });
  // Root lends the server another account, which must pass through (and may not look around).
  if (process.getuid?.() === 0) chmodSync(directory, 0o711);
  const path = join(directory, "cluster");
  const account = chooseAccount(path, [path, binaries.postgres]);
  const passwordFile = join(directory, "password");
  if (!existsSync(join(path, "PG_VERSION"))) {
    const password = randomBytes(24).toString("hex");
    writeFileSync(passwordFile, password, { mode: 0o600 });
    initialise(`${path}.new`, { binaries, account, password, durable });
    renameSync(`${path}.new`, path);
  } else if (account.owner && statSync(path).uid !== account.owner.uid) {
    run("chown", ["-R", `${account.owner.uid}:${account.owner.gid}`, path]);
  }
  const version = readFileSync(join(path, "PG_VERSION"), "utf8").trim();
  const bundled = /(\d+)/.exec(run(...account.command(binaries.postgres, ["--version"]), account))?.[1];
  if (version !== bundled)
    throw new Error(
      `The database in ${path} was made by PostgreSQL ${version}, the bundled one is ${bundled}.`,
    );
  return { path, password: readFileSync(passwordFile, "utf8").trim(), account };
}

type NewCluster = { binaries: Binaries; account: Account; password: string; durable: boolean };

/** initdb: UTF-8, the built-in C.UTF-8 locale (the same order on every system), page checksums, passwords by SCRAM. */
function initialise(path: string, { binaries, account, password, durable }: NewCluster): void {
  const handover = `${path}.password`;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  writeFileSync(handover, password, { mode: 0o600 });
  try {
    if (account.owner) {
      chownSync(path, account.owner.uid, account.owner.gid);
      chownSync(handover, account.owner.uid, account.owner.gid);
    }
    const args = [
      "-D",
      path,
      "-U",
      "postroad",
      "-A",
      "scram-sha-256",
      "--pwfile",
      handover,
      "-E",
      "UTF8",
      "-k",
    ];
    args.push("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions");
    run(...account.command(binaries.initdb, durable ? args : [...args, "--no-sync"]), account);
  } finally {
    rmSync(handover, { force: true });
  }
}

/** Only what PostgreSQL needs: PG… variables of the caller would change what it does. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  if (process.platform === "win32") return process.env;
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}

function run(program: string, args: readonly string[], account?: Account): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    ...account?.spawnAs,
    cwd: "/",
    env: serverEnvironment(),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? ""}${stderr}`, { cause: error });
  return stdout;
}
