import { type ChildProcess, spawn } from "node:child_process";
import { on, once } from "node:events";
import { join } from "node:path";

export type RunningProduct = {
  /** The address of the web app, or where a part listens. */
  readonly address: string;
  /** The address of the test mailbox's pages. */
  readonly mailbox: string;
  /** The one-time link for the owner account, when there is none yet. */
  readonly ownerLink: string | undefined;
  readonly pid: number;
  /** Everything it printed so far. */
  readonly output: () => string;
  /** Kills it without warning, as `kill -9` does. Its database goes on until the next start adopts it. */
  readonly kill: () => Promise<void>;
  /** Stops it in order; gives the exit code. */
  readonly stop: () => Promise<number | null>;
};

const root = join(import.meta.dirname, "..", "..");

/**
 * Starts the whole product as `npm start` does, on this data directory and free ports (or those that `env` names), and
 * waits until it printed its addresses. Throws with what it said when it does not start.
 * `args` go to `start`, for instance --role sender.
 */
export async function startProduct(
  dataDirectory: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<RunningProduct> {
  return untilStarted(run(["src/cli/main.ts", "start", ...args], dataDirectory, env));
}

export type ProductWithClock = RunningProduct & {
  /** Puts the clock of the product forward. Its database keeps the real time. */
  readonly advance: (milliseconds: number) => Promise<void>;
};

/** As `startProduct`, but with a clock that can be put forward, for tests in which days go by. */
export async function startProductWithClock(dataDirectory: string): Promise<ProductWithClock> {
  const child = run(["test/support/product-with-clock.ts"], dataDirectory, {});
  const running = await untilStarted(child);
  return {
    ...running,
    async advance(milliseconds) {
      const said = running.output().length;
      child.stdin?.write(`advance ${milliseconds}\n`);
      const reads = child.stdout ? on(child.stdout, "data", { close: ["end"] }) : [];
      for await (const _ of reads) if (/The clock says/.test(running.output().slice(said))) return;
      throw new Error(`The product ended before its clock was put forward:\n${running.output()}`);
    },
  };
}

function run(
  entry: readonly string[],
  dataDirectory: string,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...entry], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      // As under npm: it stops by itself when its parent, a test run, is killed.
      npm_lifecycle_event: "start",
      POSTROAD_DATA: dataDirectory,
      POSTROAD_PORT: "0",
      POSTROAD_MAILBOX_SMTP_PORT: "0",
      POSTROAD_MAILBOX_WEB_PORT: "0",
      // No look-up leaves the machine.
      POSTROAD_DNS_SERVERS: "127.0.0.1:1",
      ...env,
    },
  });
}

async function untilStarted(child: ChildProcess): Promise<RunningProduct> {
  const gone = once(child, "exit");
  const output = await readUntilStarted(child);
  const fact = (name: string) => new RegExp(`^  ${name} +(\\S+)`, "m").exec(output())?.[1];
  return {
    address: fact("Open") ?? fact("Listens on") ?? "",
    mailbox: fact("Test mailbox") ?? "",
    ownerLink: fact("Owner account"),
    pid: child.pid ?? 0,
    output,
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await gone;
      }
      return child.exitCode;
    },
  };
}

function readUntilStarted(child: ChildProcess): Promise<() => string> {
  let text = "";
  return new Promise((resolve, reject) => {
    const take = (chunk: string) => {
      text += chunk;
      if (/^ {2}Stop +Ctrl-C$/m.test(text)) resolve(() => text);
    };
    child.stdout?.setEncoding("utf8").on("data", take);
    child.stderr?.setEncoding("utf8").on("data", take);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`Postroad did not start (${code}):\n${text}`)));
  });
}
