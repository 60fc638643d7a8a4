import type { DenseSpan } from "#core/tracking/dense-spans.ts";
import { mostAt } from "#core/tracking/dense-spans.ts";
import type { Hit } from "#core/tracking/hit.ts";
import { crowdRecipients, crowdSeconds, crowdsOf, visitorKey } from "#core/tracking/surroundings.ts";

/** Who followed links lately, as far as this process saw it: enough to know a crowd while it lasts. [T53] */
export type RecentVisitors = {
  /** Takes up clicks; the same ones again do no harm. */
  readonly meet: (hits: readonly Hit[]) => void;
  /** How many recipients' links the same visitor followed around this hit. */
  readonly crowdOf: (hit: Hit) => number;
};

type Visitor = {
  visits: { readonly deliveryId: string; readonly at: number }[];
  /** Found when first asked for after a visit. */
  crowds: readonly DenseSpan[] | undefined;
};

/** More than this of one visitor says nothing new: a crowd begins at 50, and a batch brings 500 at most. */
const maxVisits = 1500;
const maxVisitors = 50_000;

/** Creates the memory, which is empty after a start: what it misses then is found when hits are judged again. */
export function createRecentVisitors(): RecentVisitors {
  const visitors = new Map<string, Visitor>();
  let newest = 0;
  let tidiedAt = 0;

  function forgetOld(): void {
    const oldest = newest - 2 * crowdSeconds * 1000;
    for (const [key, visitor] of visitors) {
      visitor.visits = visitor.visits.filter(({ at }) => at >= oldest).slice(-maxVisits);
      visitor.crowds = undefined;
      if (visitor.visits.length === 0) visitors.delete(key);
    }
    if (visitors.size > maxVisitors) visitors.clear();
    tidiedAt = newest;
  }

  return {
    meet(hits) {
      for (const hit of hits) {
        if (hit.kind !== "click") continue;
        const key = visitorKey(hit);
        const visitor = visitors.get(key) ?? { visits: [], crowds: undefined };
        visitor.visits.push({ deliveryId: hit.deliveryId, at: hit.at });
        if (visitor.visits.length > 2 * maxVisits) visitor.visits = visitor.visits.slice(-maxVisits);
        visitor.crowds = undefined;
        visitors.set(key, visitor);
        newest = Math.max(newest, hit.at);
      }
      if (newest - tidiedAt > crowdSeconds * 500) forgetOld();
    },
    crowdOf(hit) {
      const visitor = hit.kind === "click" ? visitors.get(visitorKey(hit)) : undefined;
      if (!visitor || visitor.visits.length < crowdRecipients) return 0;
      visitor.crowds ??= crowdsOf(visitor.visits);
      return mostAt(visitor.crowds, hit.at);
    },
  };
}
