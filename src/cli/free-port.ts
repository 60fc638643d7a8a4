import { anyFreePort, isFreePort } from "../server/platform/free-port.ts";

/** The wanted port, or the next free one after it; for 0 any free one. `taken` are ours though nobody listens yet. */
export async function findPort(wanted: number, taken: readonly number[] = []): Promise<number> {
  if (wanted === 0) return anyFreePort();
  for (let port = wanted; port < Math.min(wanted + 100, 65_536); port++)
    if (!taken.includes(port) && (await isFreePort(port))) return port;
  throw new Error(`All ports from ${wanted} on are taken; choose another with the settings of the README.`);
}
