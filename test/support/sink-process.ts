import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

export type SinkProcess = {
  readonly port: number;
  readonly counts: () => Promise<z.infer<typeof counts>>;
  readonly stop: () => Promise<void>;
};

const counts = z.object({
  connections: z.number(),
  messages: z.number(),
  recipients: z.number(),
  bytes: z.number(),
});

/** Starts the counting sink as a process of its own, so that it does not share a thread with what is measured. */
export async function startSinkProcess(): Promise<SinkProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./sink-main.ts", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async (): Promise<unknown> => JSON.parse((await lines.next()).value ?? "null");
  const { port } = z.object({ port: z.number() }).parse(await read());
  return {
    port,
    async counts() {
      child.stdin.write("counts\n");
      return counts.parse(await read());
    },
    async stop() {
      const gone = once(child, "exit");
      child.stdin.end();
      await gone;
    },
  };
}
