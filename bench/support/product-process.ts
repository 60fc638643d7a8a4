import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient } from "../../sdk/src/index.ts";

export type RunningProduct = {
  readonly client: ReturnType<typeof createClient>;
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The largest resident memory of the product's own process so far, in megabytes (Linux; 0 elsewhere). */
  readonly peakMegabytes: () => number;
  readonly stop: () => Promise<void>;
};

const password = "a bench needs no secrets";

/** Starts the whole product as a user does, on free ports and a new data directory, and signs in through its doors. */
export async function startProduct(): Promise<RunningProduct> {
  const data = mkdtempSync(join(tmpdir(), "postroad-bench-"));
  const ports = { POSTROAD_PORT: "0", POSTROAD_MAILBOX_SMTP_PORT: "0", POSTROAD_MAILBOX_WEB_PORT: "0" };
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "src/cli/main.ts", "start"],
    {
      cwd: join(import.meta.dirname, "../.."),
      env: { ...process.env, ...ports, POSTROAD_DATA: data, POSTROAD_LOG: "error" },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const { baseUrl, token } = await readBanner(child);
  const apiKey = await becomeOwner(baseUrl, token);
  return {
    client: createClient({ baseUrl, apiKey }),
    baseUrl,
    apiKey,
    peakMegabytes: () => peakOf(child.pid),
    async stop() {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function readBanner(child: ChildProcess): Promise<{ baseUrl: string; token: string }> {
  if (!child.stdout) throw new Error("The product prints nothing");
  const seen: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    seen.push(line);
    const link = /(http:\/\/[^/]+)\/setup#(\S+)/.exec(line);
    if (link?.[1] && link[2]) {
      child.stdout.resume();
      return { baseUrl: link[1], token: link[2] };
    }
  }
  throw new Error(`The product did not start:\n${seen.join("\n")}`);
}

/** Makes the owner account by its one-time token, and an API key; returns the key. */
export async function becomeOwner(baseUrl: string, token: string): Promise<string> {
  const json = { "content-type": "application/json" };
  const setUp = await fetch(`${baseUrl}/api/setup`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ token, email: "bench@example.com", name: "Bench", password }),
  });
  const cookie = setUp.headers.get("set-cookie")?.split(";")[0] ?? "";
  const { csrfToken } = (await setUp.json()) as { csrfToken: string };
  const made = await fetch(`${baseUrl}/api/keys`, {
    method: "POST",
    headers: { ...json, cookie, "x-csrf-token": csrfToken },
    body: JSON.stringify({ name: "Bench", role: "admin" }),
  });
  return ((await made.json()) as { secret: string }).secret;
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
