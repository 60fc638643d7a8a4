import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Whether nobody listens on this port of this machine, by IPv4 or IPv6: browsers try both for "localhost". */
export async function isFreePort(port: number): Promise<boolean> {
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

/** Systems hand out ports from 32,768 or 49,152 on, to outgoing connections too. Below, nobody has one by chance. */
const [lowest, highest] = [20_000, 32_000];

/**
 * A free port, for whoever must know it before listening. One that the system gives for the asking would be given to the next
 * who asks, or to a connection, until somebody listens there; so this is not one of those.
 */
export async function anyFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest);
    if (await isFreePort(port)) return port;
  }
}
