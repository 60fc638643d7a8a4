/** What decides which route carries what. Times are milliseconds. */
export type RoutingFacts = {
  readonly id: string;
  readonly isDefault: boolean;
  readonly isMailbox: boolean;
  readonly weight: number;
  readonly fallBackId: string | null;
  readonly fallBackAfterSeconds: number;
  /** Since when it does not work; null while it does. */
  readonly troubleSince: number | null;
};

export type RoutePlan = {
  /** [D21] Which route carries the mail that names this one. */
  readonly carrierOf: ReadonlyMap<string, string>;
  /** [D20] The routes that carry mail which names none, with their weights. */
  readonly shares: ReadonlyMap<string, number>;
};

/**
 * [D20] The weights of mail that names no route, as they are set. The default route always has a part. While the test mailbox is
 * the default it has everything, and otherwise nothing: no real mail may end in it unnoticed.
 */
export function weightsOf(
  routes: readonly Pick<RoutingFacts, "id" | "isDefault" | "isMailbox" | "weight">[],
): ReadonlyMap<string, number> {
  const main = routes.find(({ isDefault }) => isDefault);
  if (main?.isMailbox) return new Map([[main.id, 1]]);
  const weights = routes
    .filter(({ isMailbox }) => !isMailbox)
    .map(({ id, isDefault, weight }) => [id, isDefault ? Math.max(1, weight) : weight] as const);
  return new Map(weights.filter(([, weight]) => weight > 0));
}

/**
 * [D20], [D21] Which route carries what now. Routes in trouble have no part of shared mail as long as others work. A named
 * route, or the last one that shares, gives its mail to its fall-back once its trouble lasted for too long.
 */
export function planRoutes(routes: readonly RoutingFacts[], now: number): RoutePlan {
  const byId = new Map(routes.map((route) => [route.id, route]));
  const carrierOf = new Map(routes.map((route) => [route.id, carrierFor(route, byId, now)]));
  const weights = [...weightsOf(routes)];
  const working = weights.filter(([id]) => byId.get(id)?.troubleSince === null);
  if (working.length > 0) return { carrierOf, shares: new Map(working) };
  const shares = new Map<string, number>();
  for (const [id, weight] of weights) {
    const carrier = carrierOf.get(id) ?? id;
    shares.set(carrier, (shares.get(carrier) ?? 0) + weight);
  }
  return { carrierOf, shares };
}

/** The first route of the chain that works or has not been in trouble for long; itself if there is none. */
function carrierFor(route: RoutingFacts, byId: ReadonlyMap<string, RoutingFacts>, now: number): string {
  const tried = new Set<string>();
  let current: RoutingFacts | undefined = route;
  while (current && !tried.has(current.id)) {
    const { troubleSince, fallBackAfterSeconds } = current;
    if (troubleSince === null) return current.id;
    if (current === route && now - troubleSince < fallBackAfterSeconds * 1000) return route.id;
    tried.add(current.id);
    current = current.fallBackId === null ? undefined : byId.get(current.fallBackId);
  }
  return route.id;
}

/** [D21] Whether a route would in the end fall back on itself. */
export function isFallBackLoop(
  routes: readonly Pick<RoutingFacts, "id" | "fallBackId">[],
  id: string,
  fallBackId: string | null,
): boolean {
  const next = new Map(routes.map((route) => [route.id, route.fallBackId]));
  const seen = new Set([id]);
  for (let at = fallBackId; at !== null; at = next.get(at) ?? null) {
    if (seen.has(at)) return true;
    seen.add(at);
  }
  return false;
}

/** What a route had of the shared mail, divided by its weight, and whether it asked lately. */
export type ShareTurn = { readonly id: string; readonly turn: number; readonly keepsUp: boolean };

/**
 * [D20] Whether a route may take the next part of shared mail, and from which turn it counts: only the one that had least for its
 * weight. One that did not keep up holds nobody back, and has no claim on what it missed.
 */
export function claimShare(turns: readonly ShareTurn[], id: string): { may: boolean; from: number } {
  const own = turns.find((each) => each.id === id);
  const others = turns.filter((each) => each.id !== id && each.keepsUp).map(({ turn }) => turn);
  const least = others.length > 0 ? Math.min(...others) : Number.NEGATIVE_INFINITY;
  const from = own?.keepsUp ? own.turn : Math.max(own?.turn ?? 0, least);
  return { may: others.length === 0 || from <= least, from };
}
