import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

export type RoleProcesses = {
  readonly pids: readonly number[];
  /** Where each of them listens; empty for a role that does not. */
  readonly addresses: readonly string[];
  readonly stop: () => Promise<void>;
};

/** Starts a role beside a database as a user does: `npm run sender`, or `postroad start --role tracker`, once per process. */
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
  return spawn(process.execPath, role === "sender" ? senderCommand() : trackerCommand, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const root = join(import.meta.dirname, "../..");
const trackerCommand = [
  "--disable-warning=ExperimentalWarning",
  "src/cli/main.ts",
  "start",
  "--role",
  "tracker",
];
const Package = z.object({ scripts: z.object({ sender: z.string() }) });

/** What `npm run sender` runs, with its bounds on memory, without npm between. */
function senderCommand(): string[] {
  const { scripts } = Package.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  return scripts.sender.split(" ").slice(1);
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
