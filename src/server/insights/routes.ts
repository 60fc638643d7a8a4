import { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { insightRoutes } from "#contract/insights.ts";
import { readCursor, toPage } from "../platform/http/cursor.ts";
import type { Http } from "../platform/http/implement.ts";
import { type Platform, sql } from "../platform/index.ts";
import { breakDown } from "./break-down.ts";
import type { Period } from "./count-mail.ts";
import { listContactsBehind } from "./list-contacts-behind.ts";
import { makeReport } from "./make-report.ts";
import { makeTimeline } from "./make-timeline.ts";
import { getScopeName, readScope } from "./scope.ts";
import { spareAnswers } from "./spare-answers.ts";

const startedCursor = z.tuple([z.string().max(40), z.string().regex(/^[0-9]{1,19}$/)]);
const dayMilliseconds = 86_400_000;
const homeDays = 30;

type Deps = Pick<Platform, "db" | "clock">;

/** Binds everything about numbers. */
export function bindInsightRoutes(http: Http, deps: Deps): void {
  const { db, clock } = deps;
  const spare = spareAnswers(clock);

  http.implement(insightRoutes.home, async ({ query }) =>
    spare(`home/${query.timeZone}`, () => showHome(deps, query.timeZone)),
  );

  http.implement(insightRoutes.report, async ({ query }) => {
    const scope = readScope(query.of);
    const name = await getScopeName(db, scope);
    const period = periodOf(query.from, query.to, clock.now());
    // Of all time it comes from totals alone, so it is made for everybody who asks.
    if (!period) return { name, ...(await makeReport(deps, scope, period)) };
    const key = `report/${JSON.stringify(query)}`;
    return { name, ...(await spare(key, () => makeReport(deps, scope, period))) };
  });

  http.implement(insightRoutes.timeline, async ({ query }) => {
    const scope = readScope(query.of);
    await getScopeName(db, scope);
    return spare(`timeline/${JSON.stringify(query)}`, async () => {
      const now = clock.now();
      const { step, timeZone } = query;
      const period = periodOf(query.from, query.to, now);
      const points = await makeTimeline(db, { scope, step, timeZone, period });
      return { asOf: now.toISOString(), step, points };
    });
  });

  http.implement(insightRoutes.breakdown, async ({ query }) => {
    const scope = readScope(query.of);
    await getScopeName(db, scope);
    const items = await breakDown(db, {
      by: query.by,
      scope,
      search: query.search ?? "",
      after: readCursor(query.cursor, startedCursor),
      limit: query.limit + 1,
    });
    return toPage(
      items,
      query.limit,
      (item) => [item.startedText, item.key],
      ({ row }) => row,
    );
  });

  http.implement(insightRoutes.contacts, async ({ query }) => {
    const scope = readScope(query.of);
    await getScopeName(db, scope);
    const { metric, link, reason, cursor, limit } = query;
    return listContactsBehind(db, { scope, metric, link, reason, cursor, limit });
  });
}

/** Undefined if neither end is given: then the numbers are of all time. */
function periodOf(from: string | undefined, to: string | undefined, now: Date): Period | undefined {
  if (from === undefined && to === undefined) return undefined;
  const period = {
    from: from === undefined ? new Date(0) : new Date(from),
    to: to === undefined ? now : new Date(to),
  };
  return period.from < period.to
    ? period
    : refuse("request.invalid", { problem: "The period ends before it begins." });
}

async function showHome(deps: Deps, timeZone: string) {
  const { db, clock } = deps;
  const now = clock.now();
  const period = { from: new Date(now.getTime() - homeDays * dayMilliseconds), to: now };
  const all = { kind: "all" } as const;
  const [numbers, report, points, recent] = await Promise.all([
    db.first<{ contacts: number; liveJourneys: number; liveMessages: number; waiting: number }>(sql`
      select (select count(*)::integer from contacts) as contacts,
             (select count(*)::integer from journeys where state = 'live' and archived_at is null) as "liveJourneys",
             (select count(*)::integer from messages
              where live_version_id is not null and stopped_at is null and archived_at is null) as "liveMessages",
             (select greatest(0, coalesce(sum(case when outcome = 'queued' then total else -total end), 0))::integer
              from mailing_totals total join mailings mailing on mailing.id = total.mailing_id
              where mailing.kind in ('journey', 'transactional') and mailing.state = 'running') as waiting`),
    makeReport(deps, all, period),
    makeTimeline(db, { scope: all, step: "day", timeZone, period }),
    breakDown(db, { by: "message", scope: all, search: "", after: undefined, limit: 5 }),
  ]);
  return {
    asOf: now.toISOString(),
    contacts: numbers?.contacts ?? 0,
    liveJourneys: numbers?.liveJourneys ?? 0,
    liveMessages: numbers?.liveMessages ?? 0,
    waiting: numbers?.waiting ?? 0,
    counts: report.counts,
    timeline: points,
    recent: recent.map(({ row }) => row),
  };
}
