import { fileURLToPath } from "node:url";
import { z } from "zod";
import { startLineProcess } from "../support/line-process.ts";

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
  const program = startLineProcess(fileURLToPath(new URL("./counting-sink-main.ts", import.meta.url)));
  const { port } = z.object({ port: z.number() }).parse(await program.read());
  let last: Promise<unknown> = Promise.resolve();
  const ask = (line: string): Promise<SinkCounts> => {
    const answer = last.then(async () => counts.parse(await program.ask(line)));
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    port,
    pid: program.pid,
    counts: () => ask("counts"),
    reset: () => ask("reset"),
    stop: program.stop,
  };
}
