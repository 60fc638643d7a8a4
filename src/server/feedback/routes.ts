import { refuse } from "#contract/errors.ts";
import { feedbackRoutes } from "#contract/feedback.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { readCursor, rowCursor, toPage } from "../platform/http/cursor.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import { type FeedbackTotal, listTotals } from "./feedback-totals.ts";
import { readSoftBouncePolicy, setSoftBouncePolicy } from "./soft-bounce-policy.ts";
import { bounceDomains, countReports, findSource, listReports, type ReportRow } from "./store.ts";

/** Binds what came back, and the policy for soft bounces. */
export function bindFeedbackRoutes(http: Http, { db, config }: Pick<Platform, "db" | "config">): void {
  http.implement(feedbackRoutes.state, async () => {
    const counts = await countReports(db);
    const { inARow, termsDays, settledAfterDays } = await readSoftBouncePolicy(db);
    return {
      inbound: {
        port: config.inboundSmtpPort ?? null,
        domains: [...(await bounceDomains(db))],
        hasTls: config.inboundSmtpCertificate !== undefined,
        refused: presentRefused(await listTotals(db, "smtp")),
      },
      counts: counts.map(({ lastAt, ...count }) => ({ ...count, lastAt: lastAt.toISOString() })),
      softBounces: { inARow, termsDays: [...termsDays], settledAfterDays },
    };
  });

  http.implement(feedbackRoutes.list, async ({ query }) => {
    const before = readCursor(query.cursor, rowCursor)?.[0];
    const { kind, limit } = query;
    const rows = await listReports(db, { kind, way: query.way && wayIn(query.way), before, limit });
    return toPage(rows, limit, ({ id }) => [id], presentReport);
  });

  http.implement(feedbackRoutes.source, async ({ params, reply }) => {
    const source = await findSource(db, fromId("report", params.id) ?? "0");
    reply.header("content-disposition", `attachment; filename="${params.id}.eml"`);
    return source ?? refuse("feedback.no-source");
  });

  http.implement(feedbackRoutes.setSoftBounces, ({ actor, body }) =>
    db.transaction(async (tx) => {
      await setSoftBouncePolicy(tx, actor, body);
      return body;
    }),
  );
}

function presentRefused(totals: readonly FeedbackTotal[]) {
  const totalOf = (wanted: string) => totals.find(({ kind }) => kind === wanted)?.total ?? 0;
  const last = Math.max(...totals.map(({ lastAt }) => lastAt.getTime()));
  return {
    forged: totalOf("forged"),
    unknown: totalOf("unknown"),
    tooLarge: totalOf("too-large"),
    lastAt: totals.length === 0 ? null : new Date(last).toISOString(),
  };
}

const wayIn = (way: string) => way.replace(/^whk_/, "webhook/");

function presentReport({ id, way, deliveryId, at, ...row }: ReportRow) {
  return {
    ...row,
    way: way.startsWith("webhook/") ? toId("webhook", way.slice("webhook/".length)) : way,
    id: toId("report", id),
    deliveryId: deliveryId === null ? null : toId("delivery", deliveryId),
    at: at.toISOString(),
  };
}
