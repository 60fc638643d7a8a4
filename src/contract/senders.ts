import { z } from "zod";
import { warmUpPlans } from "#core/delivery/warm-up.ts";
import { idSchema } from "#core/kernel/ids.ts";
import { routeKinds } from "#core/senders/provider-route.ts";
import { defineRoute, done } from "./route.ts";
import { domainName as domain } from "./sending-domains.ts";

const time = z.iso.datetime();
const name = z.string().trim().min(1).max(200);
const host = z
  .string()
  .trim()
  .max(253)
  .regex(/^(?=.*[a-z0-9])[a-z0-9.:-]+$/i, "Expected a host name or an IP address");
const tls = z.enum(["none", "starttls", "starttls-required", "implicit"]);

const warmUpPlan = z.enum(["gentle", "normal", "fast", "custom"]);
const builtInPlans = Object.keys(warmUpPlans).join(", ");
const warmUpFields = {
  plan: warmUpPlan,
  /** The days of a custom plan; empty for a built-in one. */
  ceilings: z.array(z.number().int().min(1).max(1_000_000_000)).max(120),
  /** A date in UTC. */
  startsOn: z.iso.date(),
  isPaused: z.boolean(),
};

/** A daily ceiling that grows by a plan. While it is paused it does not grow. */
const WarmUpWanted = z
  .object({
    ...warmUpFields,
    ceilings: warmUpFields.ceilings.default([]),
    isPaused: z.boolean().default(false),
  })
  .refine(({ plan, ceilings }) => plan !== "custom" || ceilings.length > 0, {
    path: ["ceilings"],
    message: `Expected a number for each day, or one of the plans ${builtInPlans}`,
  })
  .refine(({ ceilings }) => ceilings.every((ceiling, index) => ceiling >= (ceilings[index - 1] ?? 0)), {
    path: ["ceilings"],
    message: "Expected numbers that do not shrink from one day to the next",
  });

export const Route = z.object({
  id: idSchema("route"),
  name: z.string(),
  /** A mail server, or the HTTP API of a provider. */
  kind: z.enum(routeKinds),
  /** Amazon SES: the region; Mailgun: the sending domain; Postmark: the ID of the message stream; else null. */
  providerScope: z.string().nullable(),
  /** For a provider the server of its API; TLS is implicit. */
  host: z.string(),
  port: z.number().int(),
  tls,
  username: z.string().nullable(),
  /** The password itself is never shown. */
  hasPassword: z.boolean(),
  trustedCertificate: z.string().nullable(),
  bounceDomain: z.string().nullable(),
  maxConnections: z.number().int(),
  messagesPerSecond: z.number().nullable(),
  messagesPerHour: z.number().int().nullable(),
  messagesPerDay: z.number().int().nullable(),
  messagesPerConnection: z.number().int(),
  /** How often it is taken, beside the other routes, for mail that names none. */
  weight: z.number().int(),
  /** The part of mail that names no route which it carries by the weights, from 0 to 1, while all routes work. */
  share: z.number(),
  /** Carries its mail once it has been in trouble for `fallBackAfterSeconds`. */
  fallBackId: idSchema("route").nullable(),
  fallBackAfterSeconds: z.number().int(),
  /** The route that carries its mail now in its place. */
  carriedById: idSchema("route").nullable(),
  /** What left by it in the last hour and day; null without a limit. */
  usage: z.object({ lastHour: z.number().int(), lastDay: z.number().int() }).nullable(),
  /** Why mailings do not leave by it before a time; null while they do. */
  rest: z
    .object({
      until: time,
      window: z.enum(["hour", "day"]),
      used: z.number().int(),
      limit: z.number().int(),
    })
    .nullable(),
  /** Null: the route is not warmed up. */
  warmUp: z
    .object({
      ...warmUpFields,
      /** Which day of the plan it is, from 1 on, and what may leave on it; null once the plan is over. */
      today: z.object({ day: z.number().int(), ceiling: z.number().int() }).nullable(),
    })
    .nullable(),
  /** The largest message in bytes that its server said it takes; null: it names no limit, or was not asked yet. */
  sizeLimit: z.number().int().nullable(),
  isDefault: z.boolean(),
  /** The built-in test mailbox: mail that goes there reaches nobody. */
  isMailbox: z.boolean(),
  /** Why mail does not leave by it right now; null while it works. */
  trouble: z
    .object({
      phase: z.string(),
      message: z.string(),
      failures: z.number().int(),
      since: time,
      retryAt: time,
    })
    .nullable(),
  createdAt: time,
});

const routeFields = {
  name,
  kind: z.enum(routeKinds),
  providerScope: z.string().trim().min(1).max(253).nullable(),
  host,
  port: z.number().int().min(1).max(65_535),
  tls,
  username: z.string().min(1).max(320).nullable(),
  trustedCertificate: z.string().max(20_000).startsWith("-----BEGIN CERTIFICATE-----").nullable(),
  bounceDomain: domain.nullable(),
  maxConnections: z.number().int().min(1).max(200),
  messagesPerSecond: z.number().positive().max(100_000).nullable(),
  messagesPerHour: z.number().int().min(1).max(100_000_000).nullable(),
  messagesPerDay: z.number().int().min(1).max(1_000_000_000).nullable(),
  messagesPerConnection: z.number().int().min(1).max(100_000),
  weight: z.number().int().min(0).max(1000),
  fallBackId: idSchema("route").nullable(),
  fallBackAfterSeconds: z.number().int().min(0).max(86_400),
  warmUp: WarmUpWanted.nullable(),
};
const password = z.string().min(1).max(1000);

const byRoute = z.object({ id: idSchema("route") });

/** The roads that mail leaves by. */
export const routeRoutes = {
  list: defineRoute({
    id: "routes.list",
    method: "GET",
    path: "/api/routes",
    summary: "Lists the routes that mail can leave by, the default first.",
    access: "settings:read",
    response: z.object({ items: z.array(Route) }),
  }),
  create: defineRoute({
    id: "routes.create",
    method: "POST",
    path: "/api/routes",
    summary: "Adds a route. The password is kept sealed and never shown again.",
    access: "senders:write",
    body: z.object({
      ...routeFields,
      kind: routeFields.kind.default("smtp"),
      providerScope: routeFields.providerScope.default(null),
      username: routeFields.username.default(null),
      trustedCertificate: routeFields.trustedCertificate.default(null),
      bounceDomain: routeFields.bounceDomain.default(null),
      maxConnections: routeFields.maxConnections.default(5),
      messagesPerSecond: routeFields.messagesPerSecond.default(null),
      messagesPerHour: routeFields.messagesPerHour.default(null),
      messagesPerDay: routeFields.messagesPerDay.default(null),
      messagesPerConnection: routeFields.messagesPerConnection.default(1000),
      weight: routeFields.weight.default(0),
      fallBackId: routeFields.fallBackId.default(null),
      fallBackAfterSeconds: routeFields.fallBackAfterSeconds.default(120),
      warmUp: routeFields.warmUp.default(null),
      password: password.optional(),
    }),
    response: Route,
    errors: [
      "senders.password-missing",
      "senders.route-not-found",
      "senders.fall-back-not-usable",
      "senders.provider-not-usable",
    ],
  }),
  change: defineRoute({
    id: "routes.change",
    method: "PATCH",
    path: "/api/routes/:id",
    summary: "Changes a route. Changing where the password goes needs the password again.",
    access: "senders:write",
    params: byRoute,
    body: z.object({ ...routeFields, password }).partial(),
    response: Route,
    errors: [
      "senders.route-not-found",
      "senders.password-needed",
      "senders.password-missing",
      "senders.fall-back-not-usable",
      "senders.provider-not-usable",
    ],
  }),
  makeDefault: defineRoute({
    id: "routes.makeDefault",
    method: "POST",
    path: "/api/routes/:id/default",
    summary: "Makes a route the one that mail leaves by where nothing else is said.",
    access: "senders:write",
    params: byRoute,
    response: Route,
    errors: ["senders.route-not-found"],
  }),
  remove: defineRoute({
    id: "routes.remove",
    method: "DELETE",
    path: "/api/routes/:id",
    summary: "Removes a route that is not the default and that no mailing names.",
    access: "senders:write",
    params: byRoute,
    response: done,
    errors: ["senders.route-not-found", "senders.route-in-use"],
  }),
  test: defineRoute({
    id: "routes.test",
    method: "POST",
    path: "/api/routes/:id/test",
    summary: "Opens a connection, signs in and says goodbye, without sending anything.",
    access: "senders:write",
    params: byRoute,
    response: z.object({
      works: z.boolean(),
      /** Where it broke; null if it works. */
      phase: z.string().nullable(),
      message: z.string(),
      /** What the server offers. */
      offers: z.array(z.string()),
    }),
    errors: ["senders.route-not-found"],
  }),
} as const;
