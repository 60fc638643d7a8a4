import { type SpawnOptions, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * How PostgreSQL's programs are run. They refuse user id 0, so root lends them another account, or, where that
 * account could not reach the files (a home directory with mode 0700), a user namespace in which root has one.
 */
export type Account = {
  readonly command: (program: string, args: readonly string[]) => readonly [string, readonly string[]];
  readonly spawnAs: Pick<SpawnOptions, "uid" | "gid">;
  /** Who must own the cluster; undefined: whoever we are. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
};

const asOurselves: Account = { command: (program, args) => [program, args], spawnAs: {}, owner: undefined };

const inNamespace: Account = {
  command: (program, args) => [
    "unshare",
    ["-U", "--map-user=65534", "--map-group=65534", "--", program, ...args],
  ],
  spawnAs: {},
  owner: { uid: 0, gid: 0 },
};

/** Picks the account. `paths` are what it must reach; `cluster` keeps the owner it has, if it can be used. */
export function chooseAccount(cluster: string, paths: readonly string[]): Account {
  const self = process.getuid?.();
  const held = existsSync(cluster) ? statSync(cluster) : undefined;
  if (self === undefined) return asOurselves;
  if (self !== 0) {
    if (held && held.uid !== self)
      throw new Error(
        `The database in ${cluster} belongs to user id ${held.uid}, not to you (${self}). ` +
          "Start as the user that started it first, or give it to you with chown -R.",
      );
    return asOurselves;
  }
  const candidates = held && held.uid !== 0 ? [held, ...lendableAccounts()] : lendableAccounts();
  const found = candidates.find(({ uid, gid }) => paths.every((path) => isReachable(path, uid, gid)));
  if (found) {
    const { uid, gid } = found;
    return { ...asOurselves, spawnAs: { uid, gid }, owner: { uid, gid } };
  }
  if (spawnSync("unshare", ["-U", "--map-user=65534", "--map-group=65534", "true"]).status === 0)
    return inNamespace;
  throw new Error(
    `PostgreSQL does not run as root, and no other account can reach ${paths.join(" and ")}. ` +
      "Start Postroad as an ordinary user, move it out of root's home, or set DATABASE_URL.",
  );
}

/** Accounts that exist on about every system and own nothing; initdb wants an entry in the passwd file. */
function lendableAccounts(): { uid: number; gid: number }[] {
  const lines = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8").split("\n") : [];
  return ["nobody", "daemon"].flatMap((wanted) => {
    const [name, , uid, gid] = lines.find((line) => line.startsWith(`${wanted}:`))?.split(":") ?? [];
    return name !== undefined && Number(uid) > 0 ? [{ uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/** Whether every directory above the path lets that user through. */
function isReachable(path: string, uid: number, gid: number): boolean {
  for (let at = dirname(path); ; at = dirname(at)) {
    const { mode, uid: owner, gid: group } = statSync(at);
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
