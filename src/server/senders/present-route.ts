import type { z } from "zod";
import type { Route } from "#contract/senders.ts";
import { dayLimit, warmUpDay } from "#core/delivery/warm-up.ts";
import { toId } from "#core/kernel/ids.ts";
import { grantOf } from "#core/senders/route-limits.ts";
import { planRoutes, weightsOf } from "#core/senders/routing.ts";
import type { Queries } from "../platform/index.ts";
import { getRoute, listRoutes, listUsage, type RouteRow } from "./store.ts";

type UsageRow = Awaited<ReturnType<typeof listUsage>>[number];

const hour = 3_600_000;

/** All routes as the API shows them: with their share, who stands in for them and what their limits leave. */
export async function presentRoutes(db: Queries, now: Date): Promise<z.input<typeof Route>[]> {
  const [routes, usage] = await Promise.all([listRoutes(db), listUsage(db)]);
  const weights = weightsOf(routes);
  const sum = [...weights.values()].reduce((total, weight) => total + weight, 0);
  const facts = routes.map((route) => ({
    ...route,
    troubleSince: route.trouble && new Date(route.trouble.since).getTime(),
  }));
  const { carrierOf } = planRoutes(facts, now.getTime());
  return routes.map((route) => {
    const carrier = carrierOf.get(route.id);
    return {
      ...present(route),
      share: (weights.get(route.id) ?? 0) / Math.max(1, sum),
      carriedById: carrier === undefined || carrier === route.id ? null : toId("route", carrier),
      ...presentLimits(
        route,
        usage.filter(({ routeId }) => routeId === route.id),
        now,
      ),
    };
  });
}

/** One route as the API shows it, or a refusal. */
export async function presentRoute(db: Queries, id: string, now: Date): Promise<z.input<typeof Route>> {
  await getRoute(db, id);
  const wanted = toId("route", id);
  const found = (await presentRoutes(db, now)).find((route) => route.id === wanted);
  if (!found) throw new Error("The route was removed while it was read");
  return found;
}

function present(route: RouteRow) {
  const { trouble } = route;
  return {
    ...route,
    id: toId("route", route.id),
    fallBackId: route.fallBackId && toId("route", route.fallBackId),
    createdAt: route.createdAt.toISOString(),
    trouble: trouble && {
      ...trouble,
      since: new Date(trouble.since).toISOString(),
      retryAt: new Date(trouble.retryAt).toISOString(),
    },
  };
}

/** [D23] What left lately, and why mailings rest. Judged by the database's time, as the senders do. */
function presentLimits(
  { messagesPerHour, messagesPerDay, warmUp }: RouteRow,
  rows: readonly UsageRow[],
  ours: Date,
): Pick<z.input<typeof Route>, "usage" | "rest" | "warmUp"> {
  const now = (rows[0]?.now ?? ours).getTime();
  const shown = warmUp && {
    ...warmUp,
    ceilings: [...warmUp.ceilings],
    isPaused: warmUp.pausedOn !== null,
    today: warmUpDay(warmUp, now) ?? null,
  };
  const perDay = dayLimit(messagesPerDay, warmUp, now);
  if (messagesPerHour === null && perDay === null) return { usage: null, rest: null, warmUp: shown };
  const used = rows.map(({ minute, sent }) => ({ minute: minute.getTime(), sent }));
  const within = (length: number) =>
    used.filter(({ minute }) => minute + 60_000 > now - length).reduce((total, { sent }) => total + sent, 0);
  const { rest } = grantOf({ perHour: messagesPerHour, perDay }, used, now, 1, false);
  return {
    usage: { lastHour: within(hour), lastDay: within(24 * hour) },
    warmUp: shown,
    rest: rest && { ...rest, until: new Date(rest.until).toISOString() },
  };
}
