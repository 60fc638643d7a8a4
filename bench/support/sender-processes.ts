import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type SenderProcesses = {
  readonly pids: readonly number[];
  readonly stop: () => Promise<void>;
};

/** Starts senders beside a database as a user does: `postroad start --role sender`, once per process. */
export async function startSenders(
  environment: Readonly<Record<string, string>>,
  processes: number,
): Promise<SenderProcesses> {
  const children = Array.from({ length: processes }, () => startOne(environment));
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
  try {
    await Promise.all(children.map(untilStarted));
  } catch (error) {
    await stop();
    throw error;
  }
  return { pids: children.flatMap(({ pid }) => pid ?? []), stop };
}

function startOne(environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "src/cli/main.ts", "start", "--role", "sender"],
    {
      cwd: join(import.meta.dirname, "../.."),
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
}

async function untilStarted(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error("The sender prints nothing");
  for await (const line of createInterface({ input: child.stdout }))
    if (/Stop +Ctrl-C/.test(line)) {
      child.stdout.resume();
      return;
    }
  throw new Error("The sender did not start");
}
