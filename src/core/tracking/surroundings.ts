import { type DenseSpan, denseSpans, mostAt } from "./dense-spans.ts";
import type { Hit } from "./hit.ts";

/** Three or more different links of one message within this time are a scanner following everything. */
export const burstSeconds = 5;
export const burstLinks = 3;
/** So many recipients' links followed from one address by one program within this time are no people. */
export const crowdSeconds = 60;
export const crowdRecipients = 50;
/** Whoever followed the hidden link is a machine for so long, and so is anybody right beside it. */
export const trapSeconds = { same: 600, anybody: 5 };

/** What of other hits of the same delivery matters for a judgement. */
export type NearbyHit = Pick<Hit, "kind" | "linkNumber" | "at" | "ip" | "userAgent">;

/** One address with one program behind it. */
export function visitorKey({ ip, userAgent }: Pick<Hit, "ip" | "userAgent">): string {
  return `${ip} ${userAgent}`;
}

/** What lies around the hits of one delivery. */
export type Surroundings = {
  /** How many different links were followed in the burst that holds this moment; 0: none. */
  readonly burstAt: (at: number) => number;
  /** Whether the hidden link was followed by the same visitor, or by anybody at nearly the same time. */
  readonly isByTrap: (hit: Pick<Hit, "at" | "ip" | "userAgent">) => boolean;
};

/** Looks at all hits of one delivery that are known, the judged ones among them, in any order. */
export function surroundingsOf(hits: readonly NearbyHit[]): Surroundings {
  const links = hits.flatMap(({ kind, linkNumber, at }) =>
    kind === "click" && linkNumber !== undefined ? [{ key: linkNumber, at }] : [],
  );
  const bursts = denseSpans(links, burstSeconds * 1000, burstLinks);
  const traps = hits.filter(({ kind }) => kind === "trap");
  const all = timesOf(traps);
  const bySame = timesByVisitor(traps);
  return {
    burstAt: (at) => mostAt(bursts, at),
    isByTrap: (hit) =>
      isNear(all, hit.at, trapSeconds.anybody) ||
      isNear(bySame.get(visitorKey(hit)) ?? [], hit.at, trapSeconds.same),
  };
}

function timesOf(hits: readonly NearbyHit[]): readonly number[] {
  return hits.map(({ at }) => at).sort((a, b) => a - b);
}

function timesByVisitor(hits: readonly NearbyHit[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, NearbyHit[]>();
  for (const hit of hits) {
    const own = times.get(visitorKey(hit));
    if (own) own.push(hit);
    else times.set(visitorKey(hit), [hit]);
  }
  return new Map([...times].map(([key, own]) => [key, timesOf(own)]));
}

/** Whether one of these times, which are in order, is within so many seconds; found by halving. */
function isNear(times: readonly number[], at: number, seconds: number): boolean {
  const from = at - seconds * 1000;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return (times[low] ?? Number.POSITIVE_INFINITY) <= at + seconds * 1000;
}

/** Where one visitor was with so many recipients within a minute that it is no person. */
export function crowdsOf(
  hits: readonly { readonly deliveryId: string; readonly at: number }[],
): readonly DenseSpan[] {
  return denseSpans(
    hits.map(({ deliveryId, at }) => ({ key: deliveryId, at })),
    crowdSeconds * 1000,
    crowdRecipients,
  );
}
