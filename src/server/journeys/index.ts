import { toId } from "#core/kernel/ids.ts";
import type { Http } from "#server/platform/http/implement.ts";
import { type Platform, startLoop, watchOutage } from "#server/platform/index.ts";
import { completeIfEmpty } from "./change-state.ts";
import { createLoader } from "./live-journey.ts";
import type { JourneyNeeds } from "./needs.ts";
import { bindJourneyRoutes } from "./routes.ts";
import { runDueVisits } from "./run-due-visits.ts";
import { listJourneysWithMessage } from "./store.ts";
import { wakeTriggers } from "./wake-triggers.ts";

export type { Audience, JourneyNeeds } from "./needs.ts";
export { type Mismatch, verifyJourneys } from "./verify-journeys.ts";

const pollMilliseconds = 1000;

/** Journeys: drafts, going live, and the engine that moves contacts. Any number of processes may run its loop. */
export function createJourneys(platform: Platform, needs: JourneyNeeds) {
  const { db, clock, log, news } = platform;
  const load = createLoader();
  const engine = { db, clock, audience: needs.audience };
  const outage = watchOutage(log, {
    failing: "journeys could not move and are tried again",
    over: "journeys move again",
  });
  news.subscribe("journeys", ["contact.interacted"], (tx, items) => wakeTriggers({ clock, load }, tx, items));

  /** One round. Returns whether there may be more to do at once. */
  async function tick(): Promise<boolean> {
    try {
      const { entered, moved } = await runDueVisits(engine, load);
      if (entered + moved > 0) return true;
      for (const journey of await load(db, ["live"])) await completeIfEmpty(platform, journey);
      outage.over();
    } catch (error) {
      outage.met(error instanceof AggregateError ? error.errors.map(String).join(" ") : error);
    }
    return false;
  }

  return {
    tick,
    routes: (http: Http) => bindJourneyRoutes(http, { db, clock, needs }),
    loops: { scheduler: () => startLoop(db, "journeys", pollMilliseconds, tick) },
    /** Everything in journeys that sends or watches a message, for those who want to change it. Takes a row number. */
    whereMessageUsed: async (messageId: string) => {
      const found = await listJourneysWithMessage(db, toId("message", messageId));
      return found.map(({ id, name, state }) => ({ kind: "journey", id: toId("journey", id), name, state }));
    },
  };
}
