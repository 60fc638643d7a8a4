import { accessRoutes } from "./access.ts";
import { apiRoutes } from "./api.ts";
import { consentRoutes, suppressionRoutes } from "./consent.ts";
import { attributeRoutes, contactRoutes } from "./contacts.ts";
import { contentRoutes } from "./content.ts";
import { deliveryRoutes, domainPaceRoutes, mailingRoutes, sendingRoutes } from "./delivery.ts";
import { eventRoutes } from "./events.ts";
import { bounceMailboxRoutes, feedbackRoutes, webhookRoutes } from "./feedback.ts";
import { importRoutes } from "./imports.ts";
import { insightRoutes } from "./insights.ts";
import { journeyRoutes } from "./journeys.ts";
import { messageRoutes } from "./messages.ts";
import type { RouteDefinition } from "./route.ts";
import { segmentRoutes } from "./segments.ts";
import { routeRoutes } from "./senders.ts";
import { sendingDomainRoutes } from "./sending-domains.ts";
import { topicRoutes } from "./topics.ts";
import { linkRoutes, trackingRoutes, troubleRoutes } from "./tracking.ts";

/** The table of all routes: what the server binds, and what OpenAPI and the SDK are made from. One line per domain. */
export const routes: readonly RouteDefinition[] = [
  ...Object.values(apiRoutes),
  ...Object.values(accessRoutes),
  ...Object.values(contactRoutes),
  ...Object.values(attributeRoutes),
  ...Object.values(importRoutes),
  ...Object.values(topicRoutes),
  ...Object.values(consentRoutes),
  ...Object.values(suppressionRoutes),
  ...Object.values(contentRoutes),
  ...Object.values(segmentRoutes),
  ...Object.values(routeRoutes),
  ...Object.values(sendingDomainRoutes),
  ...Object.values(messageRoutes),
  ...Object.values(mailingRoutes),
  ...Object.values(deliveryRoutes),
  ...Object.values(sendingRoutes),
  ...Object.values(domainPaceRoutes),
  ...Object.values(linkRoutes),
  ...Object.values(trackingRoutes),
  ...Object.values(troubleRoutes),
  ...Object.values(journeyRoutes),
  ...Object.values(eventRoutes),
  ...Object.values(feedbackRoutes),
  ...Object.values(webhookRoutes),
  ...Object.values(bounceMailboxRoutes),
  ...Object.values(insightRoutes),
];
