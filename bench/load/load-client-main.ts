import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { HttpAnswers } from "./http-answers.ts";
import { type LoadJob, type LoadResult, loadJobSchema } from "./load-job.ts";
import { quantile } from "./quantile.ts";

/** The load client, a process of its own. Each line on standard input is a job; its result is printed as one line of JSON. */
const browser =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const rest = ` HTTP/1.1\r\nHost: mail.bench.example\r\nUser-Agent: ${browser}\r\nAccept: */*\r\n\r\n`;

async function work({ port, connections, perSecond, file, from, to }: LoadJob): Promise<LoadResult> {
  const requests = readFileSync(file, "utf8")
    .split("\n")
    .slice(from, to)
    .map((path) => Buffer.from(`GET ${path}${rest}`, "latin1"));
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const latencies = new Float64Array(requests.length);
  let answered = 0;
  let refused = 0;
  let next = 0;
  const before = process.cpuUsage();
  const start = performance.now();
  const plannedAt = (n: number) => (perSecond === null ? 0 : start + (n / perSecond) * 1000);

  await new Promise<void>((finished, failed) => {
    const idle: ((now: number) => void)[] = [];
    const isDue = (now: number) => next < requests.length && plannedAt(next) <= now;
    for (const socket of sockets) {
      const answers = new HttpAnswers();
      let beganAt = 0;
      let current = 0;
      const begin = (now: number) => {
        current = next++;
        beganAt = perSecond === null ? now : plannedAt(current);
        socket.write(requests[current] ?? "");
      };
      socket.on("error", failed);
      socket.on("close", () => failed(new Error("The server closed a connection")));
      socket.on("data", (piece: Buffer) => {
        const status = answers.take(piece);
        if (status === undefined) return;
        const now = performance.now();
        latencies[current] = now - beganAt;
        answered++;
        if (status !== 200 && status !== 302) refused++;
        if (answered === requests.length) finished();
        else if (isDue(now)) begin(now);
        else idle.push(begin);
      });
      idle.push(begin);
    }
    const beginDue = () => {
      const now = performance.now();
      while (isDue(now)) {
        const begin = idle.pop();
        if (!begin) break;
        begin(now);
      }
      if (perSecond !== null && next < requests.length) setTimeout(beginDue, 1);
    };
    beginDue();
  });

  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  for (const socket of sockets) socket.removeAllListeners("close").destroy();
  latencies.sort();
  return {
    answered,
    refused,
    seconds,
    p50Milliseconds: quantile(latencies, 0.5),
    p99Milliseconds: quantile(latencies, 0.99),
    cpuMicroseconds: user + system,
  };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await work(loadJobSchema.parse(JSON.parse(line)))));
