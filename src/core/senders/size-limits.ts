import { type RoutingFacts, weightsOf } from "./routing.ts";

/** A route with the largest message that it takes, in bytes; null: no limit is known. */
export type SizedRoute = RoutingFacts & { readonly sizeLimit: number | null };

const takes = ({ sizeLimit }: SizedRoute, bytes: number) => sizeLimit === null || sizeLimit >= bytes;

/**
 * [D114] Another route that shares mail which names none and takes a message of this size: one that works rather than one in trouble.
 * Undefined: there is none.
 */
export function roomierRoute(
  routes: readonly SizedRoute[],
  id: string,
  bytes: number,
): { readonly id: string; readonly works: boolean } | undefined {
  const sharing = weightsOf(routes);
  const fit = routes.filter((route) => route.id !== id && sharing.has(route.id) && takes(route, bytes));
  const found = fit.find(({ troubleSince }) => troubleSince === null) ?? fit[0];
  return found && { id: found.id, works: found.troubleSince === null };
}

/** [D114] The largest message that any route takes which shares mail; null while one of them has no known limit. */
export function largestTaken(routes: readonly SizedRoute[]): number | null {
  const sharing = weightsOf(routes);
  const limits = routes.filter(({ id }) => sharing.has(id)).map(({ sizeLimit }) => sizeLimit);
  const known = limits.filter((limit) => limit !== null);
  return known.length < limits.length || known.length === 0 ? null : Math.max(...known);
}
