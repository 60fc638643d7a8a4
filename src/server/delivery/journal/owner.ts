import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";

/**
 * Names this process so that another one on the same machine can tell whether it still lives, and one after a restart
 * of the machine that it cannot: `<boot>-<process space>-<pid>-<started>-<random>`. It is what leases are held under.
 */
export function nameOwner(now: Date): string {
  const { boot, space } = here(now);
  return [boot, space, process.pid, startOf(process.pid) ?? "0", randomBytes(4).toString("hex")].join("-");
}

/**
 * True if the machine has not been restarted since: what that process wrote to files is all there, since the system keeps written
 * pages when a process is killed. After a power cut it may be missing.
 */
export function isSameBoot(owner: string, now: Date): boolean {
  return owner.split("-")[0] === here(now).boot;
}

/** True only if that process surely is no more. Unknown is false: then its lease must run out. */
export function isSurelyDead(owner: string, now: Date): boolean {
  const [boot, space, pid, started] = owner.split("-");
  const { boot: ourBoot, space: ourSpace } = here(now);
  if (boot !== ourBoot || space !== ourSpace) return false;
  const number = Number(pid);
  const alive = isAlive(number);
  // The number may have been given to another process since.
  return !alive || (started !== "0" && started !== startOf(number));
}

function here(now: Date): { boot: string; space: string } {
  const boot =
    read("/proc/sys/kernel/random/boot_id") ?? String(Math.round((now.getTime() / 1000 - uptime()) / 100));
  return { boot: short(`${hostname()} ${boot}`), space: short(link("/proc/self/ns/pid") ?? hostname()) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When a process started, in ticks of this boot; field 22 of its stat, counted behind the name in brackets. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}

function link(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function short(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
