import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Hit } from "#core/tracking/hit.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform, Transaction } from "../platform/index.ts";
import { flushHits, type HitHandler } from "./flush-hits.ts";
import { openHitJournal } from "./hit-journal.ts";
import { currentRules, ensureRules } from "./hit-rules.ts";
import { createHitShelf, type HitShelf } from "./hit-shelf.ts";
import { bindKeyRoutes } from "./key-routes.ts";
import { openLinkDirectory } from "./link-directory.ts";
import { bindLinkRoutes } from "./link-routes.ts";
import { countLostHits } from "./lost-hits.ts";
import { newHitId } from "./new-hit-id.ts";
import { startOptOutTaker } from "./opt-out-taker.ts";
import { createRecentVisitors } from "./recent-visitors.ts";
import { hearOfBounces } from "./record-bounces.ts";
import { type InteractionRow, type RecordedInteraction, recordInteractions } from "./record-interactions.ts";
import { repeat } from "./repeat.ts";
import { defineReviewJob } from "./review-hits.ts";
import { bindTrackingRoutes } from "./routes.ts";
import { bindRuleRoutes } from "./rule-routes.ts";
import type { TrackingKeys } from "./tracking-keys.ts";
import { bindTroubleRoutes } from "./trouble-routes.ts";

export type { HitHandler } from "./flush-hits.ts";
export { namedHitId, newHitId } from "./new-hit-id.ts";
export type { InteractionRow, RecordedInteraction } from "./record-interactions.ts";
export { beginReview, reviewStep } from "./review-hits.ts";
export { latestReview, progressOf, type Review } from "./review-store.ts";
export { sendPage } from "./send-page.ts";
export { loadTrackingKeys, type TrackingKeys } from "./tracking-keys.ts";
export { verifyTracking } from "./verify-tracking.ts";
export { visitorOf } from "./visitor.ts";

export type Tracking = {
  readonly keys: TrackingKeys;
  /** The only writer of interactions: once by hit id, with firsts, totals and news. Returns those that were new. */
  readonly recordInteractions: (
    tx: Transaction,
    rows: readonly InteractionRow[],
  ) => Promise<readonly RecordedInteraction[]>;
  /** Puts a hit on the disk; it is judged and recorded later. Never throws: a full disk keeps nobody waiting. */
  readonly takeHit: (seen: Omit<Hit, "id" | "at">) => Promise<void>;
  /** Puts an unsubscribe on the disk, for when the database is away. It is applied before anything else on recovery. */
  readonly journalOptOut: (hit: Hit) => Promise<void>;
  /** Says who applies unsubscribes. Called once, while composing. */
  readonly handleOptOuts: (handler: HitHandler) => void;
  /** Brings what is ripe to the database; returns how many hits that was. Throws while the database is away. */
  readonly flush: () => Promise<number>;
  readonly refreshLinks: () => Promise<void>;
  /** Whether messages that go live carry the link that only machines follow. */
  readonly carriesHiddenLink: () => Promise<boolean>;
  readonly prepare: () => Promise<void>;
  readonly routes: (http: Http) => void;
  readonly loops: { readonly [role in "web" | "tracker" | "sender"]: () => () => Promise<void> };
};

const flushPauseMilliseconds = 250;
const flushRetryMilliseconds = 1000;
/** So many new hits during one flush are a rush; then flushing takes a quarter of the time, with a pause of at most this. */
const rushHits = 200;
const longestRushPause = 2000;
/** How long no hit is tried after the disk said no. Each would cost a write that fails. */
const restMilliseconds = 500;

/** Creates tracking. Its folders lie below the data directory: hits, hits/opt-outs and tracking. */
export async function createTracking(platform: Platform, keys: TrackingKeys): Promise<Tracking> {
  const { config, clock, log } = platform;
  const hitsFolder = join(config.dataDirectory, "hits");
  mkdirSync(hitsFolder, { recursive: true });
  const hits = openHitJournal(hitsFolder, { maxBytes: config.hitJournalBytes, restMilliseconds });
  const optOuts = openHitJournal(join(hitsFolder, "opt-outs"));
  const shelf = createHitShelf(hits, log);
  const optOutShelf = createHitShelf(optOuts, log);
  hearOfBounces(platform);
  defineReviewJob(platform);
  const links = await openLinkDirectory(platform, join(config.dataDirectory, "tracking"));
  const visitors = createRecentVisitors();
  const losses = countLostHits(platform);
  let optOut: HitHandler | undefined;
  let draining: Promise<number> = Promise.resolve(0);
  let taken = 0;
  let running = 0;
  let stopLoops = async () => {};

  const bring = (from: HitShelf) =>
    flushHits({ platform, shelf: from, quarantineFolder: hitsFolder, optOut: () => optOut, visitors });

  /** One after the other, whoever asks. */
  function drainOptOuts(): Promise<number> {
    const work = () => bring(optOutShelf);
    draining = draining.then(work, work);
    return draining;
  }

  async function take(seen: Omit<Hit, "id" | "at">): Promise<void> {
    taken += 1;
    const now = clock.now();
    const hit: Hit = { ...seen, id: newHitId(now), at: now.getTime() };
    await hits.append(JSON.stringify(hit)).then(losses.kept, losses.lost);
  }

  /** What is in the journals then is taken over by the next process. */
  async function close(): Promise<void> {
    await Promise.all([hits.close(), optOuts.close()]);
  }

  /** One set of loops, however many roles of this process ask for it. */
  function start(): () => Promise<void> {
    if (running++ === 0) {
      const stops = [
        keys.start(),
        links.start(),
        startOptOutTaker({ platform, journal: optOuts, shelf: optOutShelf, drain: drainOptOuts }),
        repeat(
          async () => {
            const began = performance.now();
            const before = taken;
            await losses.note();
            const settled = await bring(shelf);
            if (settled === 0) return flushPauseMilliseconds;
            // In a rush answering comes first: hits wait on the disk, and are counted at full speed once it is over.
            const isRush = taken - before > rushHits;
            return isRush ? Math.min((performance.now() - began) * 3, longestRushPause) : 0;
          },
          () => flushRetryMilliseconds,
        ),
      ];
      stopLoops = async () => void (await Promise.all(stops.map((stop) => stop())));
    }
    return async () => {
      if (--running > 0) return;
      await stopLoops();
      await losses.note().catch(() => undefined);
      await bring(shelf).catch(() => 0);
    };
  }

  return {
    keys,
    recordInteractions: (tx, rows) => recordInteractions(tx, platform.news, rows),
    takeHit: take,
    journalOptOut: (hit) => optOuts.append(JSON.stringify(hit)),
    handleOptOuts(handler) {
      optOut = handler;
    },
    flush: async () => (await drainOptOuts()) + (await bring(shelf)),
    refreshLinks: links.refresh,
    carriesHiddenLink: async () => (await currentRules(platform.db)).hiddenLink,
    prepare: () => ensureRules(platform.db),
    routes(http) {
      const { app } = http;
      bindLinkRoutes(http, platform);
      bindRuleRoutes(http, platform);
      bindTroubleRoutes(http, platform);

      bindKeyRoutes(http, keys);
      bindTrackingRoutes(app, {
        mac: keys.trustedMac,
        links,
        publicUrl: config.publicUrl,
        clientOf: app.clientOf,
        take,
      });
      app.addHook("onClose", close);
    },
    // A sender signs, so it must hear of new keys too.
    loops: { web: start, tracker: start, sender: keys.start },
  };
}
