import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type RoleProcesses = {
  readonly pids: readonly number[];
  /** Where each of them listens; empty for a role that does not. */
  readonly addresses: readonly string[];
  readonly stop: () => Promise<void>;
};

/** Starts a role beside a database as a user does: `postroad start --role sender`, once per process. */
export async function startRole(
  role: "sender" | "tracker",
  environment: Readonly<Record<string, string>>,
  processes: number,
): Promise<RoleProcesses> {
  const children = Array.from({ length: processes }, () => startOne(role, environment));
  const stop = async () => {
    await Promise.all(
      children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, "exit");
        child.kill("SIGTERM");
        await gone;
      }),
    );
  };
  let addresses: readonly string[];
  try {
    addresses = await Promise.all(children.map(untilStarted));
  } catch (error) {
    await stop();
    throw error;
  }
  return { pids: children.flatMap(({ pid }) => pid ?? []), addresses, stop };
}

function startOne(role: string, environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "src/cli/main.ts", "start", "--role", role],
    {
      cwd: join(import.meta.dirname, "../.."),
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
}

async function untilStarted(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("The process prints nothing");
  let address = "";
  for await (const line of createInterface({ input: child.stdout })) {
    address = /Listens on +(http:\S+)/.exec(line)?.[1] ?? address;
    if (!/Stop +Ctrl-C/.test(line)) continue;
    child.stdout.resume();
    return address;
  }
  throw new Error("The process did not start");
}
