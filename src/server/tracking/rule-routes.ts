import { type HitReview, trackingRoutes } from "#contract/tracking.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { currentRules, presentRules, setRules } from "./hit-rules.ts";
import { beginReview, cancelReview } from "./review-hits.ts";
import { latestReview, progressOf, type Review } from "./review-store.ts";

/** Binds how people are told from machines, and judging again. */
export function bindRuleRoutes(http: Http, platform: Pick<Platform, "db" | "jobs">): void {
  const { db } = platform;
  http.implement(trackingRoutes.rules, async () => {
    const review = await latestReview(db);
    return { rules: presentRules(await currentRules(db)), review: review ? presentReview(review) : null };
  });
  http.implement(trackingRoutes.setRules, async ({ actor, body }) =>
    presentRules(await setRules(db, actor, body)),
  );
  http.implement(trackingRoutes.review, async ({ actor, body }) =>
    presentReview(await beginReview(platform, actor, body.since === null ? null : new Date(body.since))),
  );
  http.implement(trackingRoutes.cancelReview, async ({ actor }) => {
    await cancelReview(db, actor);
    return { done: true as const };
  });
}

function presentReview(review: Review): HitReview {
  const { state, since, judged, changed, actorLabel, startedAt, finishedAt } = review;
  return {
    ...{ state, judged, changed, actorLabel },
    since: since?.toISOString() ?? null,
    progress: progressOf(review),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
