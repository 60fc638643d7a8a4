import { domainToASCII } from "node:url";
import type { z } from "zod";
import {
  type ContactConsent,
  consentRoutes,
  type Suppression,
  suppressionRoutes,
} from "#contract/consent.ts";
import { refuse } from "#contract/errors.ts";
import { readAddress } from "#core/contacts/address.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { audit } from "../access/index.ts";
import { getContactAddress } from "../contacts/index.ts";
import { readCursor, rowCursor, toPage } from "../platform/http/cursor.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform, Queries } from "../platform/index.ts";
import { recordConsent } from "./record-consent.ts";
import {
  activeSuppressions,
  liftSuppression,
  listConsentEvents,
  listSuppressions,
  requiresOptIn,
  type Suppression as SuppressionRow,
  setRequiresOptIn,
  standingOf,
} from "./store.ts";
import { suppress } from "./suppress.ts";
import { getOpenTopic } from "./topics.ts";

type Deps = Pick<Platform, "db" | "news">;

function presentSuppression(row: SuppressionRow): z.input<typeof Suppression> {
  return {
    id: toId("suppression", row.id),
    address: row.addressKey,
    category: row.category,
    reason: row.reason,
    source: row.source,
    since: row.since.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    liftedAt: row.liftedAt?.toISOString() ?? null,
  };
}

async function presentStanding(db: Queries, addressKey: string): Promise<z.input<typeof ContactConsent>> {
  const { optedOutAt, topics } = await standingOf(db, addressKey);
  return {
    optedOutAt: optedOutAt?.toISOString() ?? null,
    topics: topics.map((topic) => ({
      ...topic,
      topicId: toId("topic", topic.topicId),
      since: topic.since?.toISOString() ?? null,
    })),
    suppressions: (await activeSuppressions(db, addressKey)).map(presentSuppression),
  };
}

/** Binds the consent of contacts, and its setting. */
export function bindConsentRoutes(http: Http, { db, news }: Deps): void {
  const addressOf = (id: string) => getContactAddress(db, fromId("contact", id) ?? "0");

  http.implement(consentRoutes.ofContact, async ({ params }) =>
    presentStanding(db, (await addressOf(params.id)).key),
  );

  http.implement(consentRoutes.record, async ({ actor, params, body }) => {
    const { key } = await addressOf(params.id);
    const topicId = body.topicId === null ? null : (fromId("topic", body.topicId) ?? "0");
    return db.transaction(async (tx) => {
      if (topicId !== null) await getOpenTopic(tx, topicId);
      const source = actor.kind === "api-key" ? "api" : "person";
      const { kind, wording = null } = body;
      await recordConsent(news, tx, [
        { addressKey: key, topicId, kind, source, wording, ip: actor.ip, actor: actor.label },
      ]);
      await audit(tx, actor, {
        action: `consent.${kind}`,
        subjectKind: "contact",
        subjectId: params.id,
        details: { topicId: body.topicId },
      });
      return presentStanding(tx, key);
    });
  });

  http.implement(consentRoutes.history, async ({ params, query }) => {
    const { key } = await addressOf(params.id);
    const before = readCursor(query.cursor, rowCursor)?.[0];
    const rows = await listConsentEvents(db, key, { before, limit: query.limit });
    return toPage(
      rows,
      query.limit,
      (row) => [row.id],
      ({ id: _, ...row }) => ({
        ...row,
        at: row.at.toISOString(),
        topicId: row.topicId === null ? null : toId("topic", row.topicId),
      }),
    );
  });

  http.implement(consentRoutes.settings, async () => ({ requireOptIn: await requiresOptIn(db) }));

  http.implement(consentRoutes.changeSettings, async ({ actor, body }) =>
    db.transaction(async (tx) => {
      await setRequiresOptIn(tx, body.requireOptIn);
      await audit(tx, actor, { action: "consent-settings.changed", details: body });
      return body;
    }),
  );
}

/** Binds the list of addresses that must not be mailed. */
export function bindSuppressionRoutes(http: Http, { db }: Pick<Deps, "db">): void {
  http.implement(suppressionRoutes.list, async ({ query }) => {
    const before = readCursor(query.cursor, rowCursor)?.[0];
    const rows = await listSuppressions(db, query, { before, limit: query.limit });
    return toPage(rows, query.limit, (row) => [row.id], presentSuppression);
  });

  http.implement(suppressionRoutes.add, async ({ actor, body }) => {
    const read = body.addresses.map((address) => ({ address, result: readAddress(address, domainToASCII) }));
    const keys = new Set(read.flatMap(({ result }) => (result.ok ? [result.value.key] : [])));
    const invalid = read.flatMap(({ address, result }) =>
      result.ok ? [] : [{ address, problem: result.error }],
    );
    const expiresAt = body.expiresAt === null ? null : new Date(body.expiresAt);
    const { reason } = body;
    const added = await db.transaction(async (tx) => {
      const count = await suppress(
        tx,
        [...keys].map((addressKey) => ({
          addressKey,
          category: "manual",
          reason,
          source: "person",
          expiresAt,
        })),
      );
      if (count > 0)
        await audit(tx, actor, {
          action: "addresses.suppressed",
          subjectKind: "suppression",
          details: { count, reason, ...(keys.size <= 20 ? { addresses: [...keys] } : {}) },
        });
      return count;
    });
    return { added, known: keys.size - added, invalid };
  });

  http.implement(suppressionRoutes.lift, async ({ actor, params, body }) =>
    db.transaction(async (tx) => {
      const lifted = await liftSuppression(tx, fromId("suppression", params.id) ?? "0");
      if (!lifted) return refuse("consent.suppression-not-found");
      await audit(tx, actor, {
        action: "suppression.lifted",
        subjectKind: "suppression",
        subjectId: params.id,
        details: { address: lifted.addressKey, category: lifted.category, reason: body.reason },
      });
      return presentSuppression(lifted);
    }),
  );
}
