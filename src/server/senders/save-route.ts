import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { changeWarmUp, type WarmUp } from "#core/delivery/warm-up.ts";
import { toId } from "#core/kernel/ids.ts";
import { providerProblem } from "#core/senders/provider-route.ts";
import { isFallBackLoop } from "#core/senders/routing.ts";
import { audit } from "../access/index.ts";
import { type Platform, sql, type Transaction } from "../platform/index.ts";
import { passwordPurpose } from "./find-roads.ts";
import {
  getRoute,
  insertRoute,
  listRoutes,
  type RouteFields,
  type RouteRow,
  setPasswordBox,
  updateRoute,
} from "./store.ts";

type WarmUpWanted = Parameters<typeof changeWarmUp>[1];
type Wanted = Omit<RouteFields, "warmUp"> & {
  readonly warmUp: WarmUpWanted | null;
  readonly password?: string | undefined;
};

/** Adds a route. A user name without a password is refused, since it could never sign in. */
export async function addRoute(
  { db, secrets, clock }: Platform,
  actor: Actor,
  wanted: Wanted,
): Promise<RouteRow> {
  demandProvider(wanted);
  if (wanted.username !== null && wanted.password === undefined) refuse("senders.password-missing");
  return db.transaction(async (tx) => {
    await demandFallBack(tx, null, wanted.fallBackId);
    const id = await insertRoute(tx, { ...wanted, warmUp: warmUpOf(null, wanted.warmUp, clock.now()) });
    if (wanted.username !== null && wanted.password !== undefined)
      await setPasswordBox(tx, id, secrets.seal(wanted.password, passwordPurpose(id)));
    await audit(tx, actor, {
      action: "route.created",
      subjectKind: "route",
      subjectId: toId("route", id),
      details: { host: wanted.host, port: wanted.port },
    });
    return getRoute(tx, id);
  });
}

/** [S8] Refuses a provider that could not be asked, or not safely. */
function demandProvider(route: Parameters<typeof providerProblem>[0]): void {
  const problem = providerProblem(route);
  if (problem) refuse("senders.provider-not-usable", { problem });
}

/** [D21] Refuses a fall-back that leads back here, or to nobody. `id` is null for a route that is not there yet. */
async function demandFallBack(tx: Transaction, id: string | null, fallBackId: string | null): Promise<void> {
  if (fallBackId === null) return;
  // Two changes at once could make a loop that neither sees.
  await tx.run(sql`lock table routes in share row exclusive mode`);
  const routes = await listRoutes(tx);
  const wanted = routes.find((route) => route.id === fallBackId) ?? refuse("senders.route-not-found");
  if (wanted.isMailbox || (id !== null && isFallBackLoop(routes, id, fallBackId)))
    refuse("senders.fall-back-not-usable");
}

const warmUpOf = (before: WarmUp | null, wanted: WarmUpWanted | null, now: Date) =>
  wanted && changeWarmUp(before, wanted, now.getTime());

/** What decides who gets to see the password. */
const whereItGoes = [
  "kind",
  "providerScope",
  "host",
  "port",
  "tls",
  "trustedCertificate",
  "username",
] as const;

/**
 * Changes a route. A kept password is never sent anywhere but where it was given for: whoever changes host, port, TLS,
 * trust or user name enters it again, or an admin's session could be used to have it told to a server of one's own.
 */
export async function changeRoute(
  { db, secrets, clock }: Platform,
  actor: Actor,
  id: string,
  changes: { readonly [field in keyof Wanted]?: Wanted[field] | undefined },
): Promise<RouteRow> {
  return db.transaction(async (tx) => {
    const before = await getRoute(tx, id);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const warmUp =
      changes.warmUp === undefined ? before.warmUp : warmUpOf(before.warmUp, changes.warmUp, clock.now());
    const after: RouteFields = { ...before, ...given, warmUp };
    demandProvider(after);
    const moved = whereItGoes.filter((field) => before[field] !== after[field]);
    if (after.username === null) await setPasswordBox(tx, id, null);
    else if (changes.password !== undefined)
      await setPasswordBox(tx, id, secrets.seal(changes.password, passwordPurpose(id)));
    else if (!before.hasPassword) refuse("senders.password-missing");
    else if (moved.length > 0) refuse("senders.password-needed", { changed: moved });
    await demandFallBack(tx, id, after.fallBackId);
    await updateRoute(tx, id, after);
    await audit(tx, actor, {
      action: "route.changed",
      subjectKind: "route",
      subjectId: toId("route", id),
      details: { changed: Object.keys(given) },
    });
    return getRoute(tx, id);
  });
}
