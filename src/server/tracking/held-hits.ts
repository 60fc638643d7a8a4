import type { Hit } from "#core/tracking/hit.ts";

/** A hit that was read from a journal and is not yet in the database. */
export type HeldHit = { readonly hit: Hit; readonly path: string };

/**
 * Hits in the order in which they were read. In a rush there are thousands, and each batch must cost by its own size and not by
 * theirs: whoever answers clicks in the same process waits for it.
 */
export type HeldHits = {
  readonly count: () => number;
  readonly add: (held: HeldHit) => void;
  readonly remove: (held: Iterable<HeldHit>) => void;
  /** The first so many that may be judged. */
  readonly first: (most: number, mayBeJudged: (hit: Hit) => boolean) => HeldHit[];
  /** What was followed of these deliveries. */
  readonly followedOf: (deliveryIds: Iterable<string>) => Hit[];
};

export function createHeldHits(): HeldHits {
  const all = new Set<HeldHit>();
  const followed = new Map<string, Set<Hit>>();
  const isFollowed = ({ kind }: Hit) => kind === "click" || kind === "trap";

  return {
    count: () => all.size,
    add(held) {
      all.add(held);
      const { hit } = held;
      if (!isFollowed(hit)) return;
      const beside = followed.get(hit.deliveryId);
      if (beside) beside.add(hit);
      else followed.set(hit.deliveryId, new Set([hit]));
    },
    remove(gone) {
      for (const held of gone) {
        all.delete(held);
        const beside = followed.get(held.hit.deliveryId);
        beside?.delete(held.hit);
        if (beside?.size === 0) followed.delete(held.hit.deliveryId);
      }
    },
    first(most, mayBeJudged) {
      const found: HeldHit[] = [];
      for (const held of all) {
        if (found.length >= most) break;
        if (mayBeJudged(held.hit)) found.push(held);
      }
      return found;
    },
    followedOf(deliveryIds) {
      const found: Hit[] = [];
      for (const id of deliveryIds) found.push(...(followed.get(id) ?? []));
      return found;
    },
  };
}
