import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { createAccess } from "./access/index.ts";
import { createConsent } from "./consent/index.ts";
import { createContacts } from "./contacts/index.ts";
import { createContent } from "./content/index.ts";
import { createDelivery } from "./delivery/index.ts";
import { createFeedback } from "./feedback/index.ts";
import { createInsights } from "./insights/index.ts";
import { createJourneys } from "./journeys/index.ts";
import { checkVersion, createMessages, type MessageNeeds } from "./messages/index.ts";
import { createPages, knownEventSlugs } from "./pages/index.ts";
import { bindApiDescription } from "./platform/http/describe-api.ts";
import { createHttp, type Http } from "./platform/http/implement.ts";
import { createWebServer } from "./platform/http/server.ts";
import type { Platform } from "./platform/index.ts";
import { conditionSql, createSegments, gatherSchema, segmentSql } from "./segments/index.ts";
import { createSenders } from "./senders/index.ts";
import { createTracking, loadTrackingKeys, type Tracking } from "./tracking/index.ts";

/** What a process may be: any of these, or all. Each role is a loop that can run in many processes at once. */
export const roles = ["web", "tracker", "sender", "scheduler"] as const;
export type ProcessRole = (typeof roles)[number];

/** A running part of the product; the function stops it and waits for the work under way. */
export type Stop = () => Promise<void>;

/** What a domain gives to the whole: routes to bind, and loops by role. */
export type Part = {
  /** Makes what must exist before the first request: default rows, keys. Runs at every start, so it must be repeatable. */
  readonly prepare?: () => Promise<void>;
  readonly routes?: (http: Http) => void;
  readonly loops?: { readonly [role in ProcessRole]?: () => Stop };
};

export type Product = {
  readonly app: FastifyInstance;
  readonly http: Http;
  readonly tracking: Tracking;
  /** Makes what must exist before the first request; done already unless the product was composed without its database. */
  readonly prepare: () => Promise<void>;
  /** Starts the loops of these roles. */
  readonly start: (asRoles: readonly ProcessRole[]) => Stop;
};

/**
 * The one place where things are joined. Domains in the order of ARCHITECTURE.md, one line each. [T44] While the database
 * is away a process that ran before comes up with what it kept, and is prepared later.
 */
export async function compose(platform: Platform, { isDatabaseAway = false } = {}): Promise<Product> {
  const app = await createWebServer(platform);
  const trackingKeys = await loadTrackingKeys(
    platform,
    join(platform.config.dataDirectory, "tracking", "keys.sealed"),
  );
  const access = createAccess(platform);
  const consent = createConsent(platform);
  const segments = createSegments(platform);
  const tracking = await createTracking(platform, trackingKeys);
  const needs: MessageNeeds = {
    whereUsed: (messageId) => journeys.whereMessageUsed(messageId),
    knownEventSlugs: (slugs) => knownEventSlugs(platform.db, slugs),
    carriesHiddenLink: tracking.carriesHiddenLink,
  };
  const journeys = createJourneys(platform, {
    audience: { conditionSql, segmentSql },
    conditionSchema: gatherSchema,
    checkMessageVersion: (versionId, settingsId) => checkVersion(platform, needs, versionId, settingsId),
  });
  const messages = createMessages(platform, needs);
  const pages = createPages(platform, tracking);
  const http = createHttp(app, access.authenticate);
  const parts: readonly Part[] = [
    { routes: bindApiDescription },
    access,
    createContacts(platform, consent.forImports),
    consent,
    createContent(platform),
    segments,
    createSenders(platform),
    messages,
    createDelivery(platform, { keys: trackingKeys, needs }),
    tracking,
    journeys,
    pages,
    createFeedback(platform, tracking),
    createInsights(platform),
  ];
  const prepare = async () => {
    for (const part of parts) await part.prepare?.();
  };
  if (!isDatabaseAway) await prepare();
  for (const part of parts) part.routes?.(http);

  return {
    app,
    http,
    tracking,
    prepare,
    start(asRoles) {
      const stops = parts.flatMap(({ loops }) => asRoles.flatMap((role) => loops?.[role]?.() ?? []));
      const background = asRoles.includes("scheduler") ? [platform.jobs.start(), platform.news.start()] : [];
      return async () => {
        await Promise.all([...stops, ...background].map((stop) => stop()));
      };
    },
  };
}
