import { hostname } from "node:os";
import { refuse } from "#contract/errors.ts";
import type { Platform } from "../platform/index.ts";
import { findRoads } from "./find-roads.ts";
import { openRoad } from "./open-road.ts";
import { standardTimeouts } from "./smtp/index.ts";
import { keepSizeLimit } from "./store.ts";

export type RouteTest = {
  readonly works: boolean;
  readonly phase: string | null;
  readonly message: string;
  readonly offers: string[];
};

/** Nobody waits five minutes for a test. */
const patience = { ...standardTimeouts, connect: 10_000, greeting: 15_000, command: 15_000 };

/** Opens a connection by a route as sending would, signs in and says goodbye. */
export async function testRoute(platform: Platform, id: string): Promise<RouteTest> {
  const road =
    (await findRoads(platform)).find((each) => each.id === id) ?? refuse("senders.route-not-found");
  const helloName = helloNameOf(platform.config.publicUrl);
  const opened = await openRoad(road, { helloName, timeouts: patience });
  if (!opened.ok)
    return { works: false, phase: opened.error.phase, message: opened.error.message, offers: [] };
  const { capabilities } = opened.value;
  await opened.value.close();
  await keepSizeLimit(platform.db, id, capabilities);
  const offers = [
    capabilities.pipelining && "PIPELINING",
    capabilities.startTls && "STARTTLS",
    capabilities.eightBitMime && "8BITMIME",
    capabilities.smtpUtf8 && "SMTPUTF8",
    capabilities.size !== null && (capabilities.size > 0 ? `SIZE ${capabilities.size}` : "SIZE"),
    ...capabilities.auth.map((mechanism) => `AUTH ${mechanism}`),
  ].filter((offer): offer is string => typeof offer === "string");
  return { works: true, phase: null, message: "The route works.", offers };
}

/** What to call ourselves: the public host if it is a name that others can look up, else this machine's own. */
export function helloNameOf(publicUrl: string): string {
  const names = [new URL(publicUrl).hostname, hostname()];
  const isName = (name: string) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name) && !/^[0-9.]+$/.test(name);
  return names.find(isName) ?? "[127.0.0.1]";
}
