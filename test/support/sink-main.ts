import { createInterface } from "node:readline";
import { startSink } from "./sink.ts";

/**
 * The sink as a process of its own, for measuring and for killing its senders. It prints {"port":…} when it listens;
 * to each line on standard input it answers with its counts; it ends when standard input does.
 */
const sink = await startSink({ keep: "counts", port: Number(process.argv[2] ?? 0) });
console.log(JSON.stringify({ port: sink.port }));
for await (const _ of createInterface({ input: process.stdin })) console.log(JSON.stringify(sink.counts));
await sink.stop();
