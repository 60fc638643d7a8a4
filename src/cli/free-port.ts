import { createServer } from "node:net";

/** Whether nobody listens on this port of this machine, by IPv4 or IPv6: browsers try both for "localhost". */
async function isFree(port: number): Promise<boolean> {
  for (const host of ["127.0.0.1", "::1"]) {
    const code = await new Promise<string | undefined>((resolve) => {
      const probe = createServer();
      probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
      probe.listen(port, host, () => probe.close(() => resolve(undefined)));
    });
    // A machine without IPv6 has nobody there.
    if (code === "EADDRINUSE" || code === "EACCES") return false;
  }
  return true;
}

async function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** The wanted port, or the next free one after it; for 0 any free one. `taken` are ours though nobody listens yet. */
export async function findPort(wanted: number, taken: readonly number[] = []): Promise<number> {
  if (wanted === 0) return anyPort();
  for (let port = wanted; port < Math.min(wanted + 100, 65_536); port++)
    if (!taken.includes(port) && (await isFree(port))) return port;
  throw new Error(`All ports from ${wanted} on are taken; choose another with the settings of the README.`);
}
