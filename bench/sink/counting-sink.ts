import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** What the sink has taken since it began or was reset. `sum` is that of the distinct ids. */
export type SinkCounts = z.infer<typeof counts>;

export type CountingSink = {
  readonly port: number;
  readonly pid: number;
  readonly counts: () => Promise<SinkCounts>;
  readonly reset: () => Promise<SinkCounts>;
  readonly stop: () => Promise<void>;
};

const counts = z.object({
  connections: z.number(),
  messages: z.number(),
  bytes: z.number(),
  unnamed: z.number(),
  repeated: z.number(),
  distinct: z.number(),
  sum: z.string().transform(BigInt),
});

/** Starts the counting sink as a process of its own, so that its cost can be told from that of what is measured. */
export async function startCountingSink(): Promise<CountingSink> {
  const program = fileURLToPath(new URL("./counting-sink-main.ts", import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => JSON.parse((await lines.next()).value ?? "null");
  const { port } = z.object({ port: z.number() }).parse(await read());
  let last: Promise<unknown> = Promise.resolve();
  const ask = (line: string): Promise<SinkCounts> => {
    const answer = last.then(async () => {
      child.stdin.write(`${line}\n`);
      return counts.parse(await read());
    });
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    port,
    pid: child.pid ?? 0,
    counts: () => ask("counts"),
    reset: () => ask("reset"),
    async stop() {
      const gone = once(child, "exit");
      child.stdin.end();
      await gone;
    },
  };
}
