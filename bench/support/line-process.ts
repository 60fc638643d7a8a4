import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program of the bench in a process of its own, which is asked by lines and answers each by a line of JSON. */
export type LineProcess = {
  readonly pid: number;
  readonly read: () => Promise<unknown>;
  readonly ask: (line: string) => Promise<unknown>;
  readonly stop: () => Promise<void>;
};

/** Starts a program; it ends when its standard input does. */
export function startLineProcess(program: string): LineProcess {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${program} ended`);
    return JSON.parse(value);
  };
  return {
    pid: child.pid ?? 0,
    read,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return read();
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.stdin.end();
      await gone;
    },
  };
}
