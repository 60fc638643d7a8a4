import { refuse } from "#contract/errors.ts";
import type { WarmUp } from "#core/delivery/warm-up.ts";
import type { RouteKind } from "#core/senders/provider-route.ts";
import { largestTaken } from "#core/senders/size-limits.ts";
import type { Capabilities } from "#core/smtp/capabilities.ts";
import { type Queries, type Sql, sql } from "../platform/index.ts";

/** A route as people see it. The password is not among its columns here. */
export type RouteRow = {
  readonly id: string;
  readonly name: string;
  readonly kind: RouteKind;
  readonly providerScope: string | null;
  readonly host: string;
  readonly port: number;
  readonly tls: "none" | "starttls" | "starttls-required" | "implicit";
  readonly username: string | null;
  readonly hasPassword: boolean;
  readonly trustedCertificate: string | null;
  readonly bounceDomain: string | null;
  readonly maxConnections: number;
  readonly messagesPerSecond: number | null;
  readonly messagesPerHour: number | null;
  readonly messagesPerDay: number | null;
  readonly messagesPerConnection: number;
  readonly weight: number;
  readonly fallBackId: string | null;
  readonly fallBackAfterSeconds: number;
  readonly warmUp: WarmUp | null;
  readonly isDefault: boolean;
  readonly isMailbox: boolean;
  /** The largest message in bytes that its server said it takes. */
  readonly sizeLimit: number | null;
  readonly createdAt: Date;
  readonly trouble: {
    readonly phase: string;
    readonly message: string;
    readonly failures: number;
    readonly since: string;
    readonly retryAt: string;
  } | null;
};

/** What a person sets of a route. */
export type RouteFields = Pick<
  RouteRow,
  | "name"
  | "kind"
  | "providerScope"
  | "host"
  | "port"
  | "tls"
  | "username"
  | "trustedCertificate"
  | "bounceDomain"
  | "maxConnections"
  | "messagesPerSecond"
  | "messagesPerHour"
  | "messagesPerDay"
  | "messagesPerConnection"
  | "weight"
  | "fallBackId"
  | "fallBackAfterSeconds"
  | "warmUp"
>;

function selectRoutes(where: Sql): Sql {
  return sql`
    select route.id, route.name, kind, provider_scope as "providerScope", host, port, tls, username, password_box is not null as "hasPassword",
      trusted_certificate as "trustedCertificate", bounce_domain as "bounceDomain", max_connections as "maxConnections",
      messages_per_second::float8 as "messagesPerSecond", messages_per_hour as "messagesPerHour", messages_per_day as "messagesPerDay",
      messages_per_connection as "messagesPerConnection", weight, fall_back_id as "fallBackId",
      fall_back_after as "fallBackAfterSeconds", warm_up as "warmUp", is_default as "isDefault", is_mailbox as "isMailbox",
      size_limit::float8 as "sizeLimit",
      created_at as "createdAt",
      case when trouble.route_id is not null then jsonb_build_object('phase', phase, 'message', message, 'failures', failures,
        'since', since, 'retryAt', retry_at) end as trouble
    from routes route left join route_troubles trouble on trouble.route_id = route.id
    where ${where} order by is_default desc, route.id`;
}

/** All routes, the default first. */
export function listRoutes(db: Queries): Promise<RouteRow[]> {
  return db.rows<RouteRow>(selectRoutes(sql`true`));
}

/** One route, or a refusal. */
export async function getRoute(db: Queries, id: string): Promise<RouteRow> {
  return (await db.first<RouteRow>(selectRoutes(sql`route.id = ${id}`))) ?? refuse("senders.route-not-found");
}

const boxed = (warmUp: WarmUp | null) => warmUp && JSON.stringify(warmUp);

/** Adds a route; returns its row id. The first one is the default. */
export async function insertRoute(tx: Queries, route: RouteFields): Promise<string> {
  const row = await tx.first<{ id: string }>(sql`
    insert into routes (name, kind, provider_scope, host, port, tls, username, trusted_certificate, bounce_domain, max_connections, messages_per_second,
                        messages_per_hour, messages_per_day, messages_per_connection, weight, fall_back_id, fall_back_after, warm_up, is_default)
    values (${route.name}, ${route.kind}, ${route.providerScope}, ${route.host}, ${route.port}, ${route.tls}, ${route.username}, ${route.trustedCertificate},
            ${route.bounceDomain}, ${route.maxConnections}, ${route.messagesPerSecond},
            ${route.messagesPerHour}, ${route.messagesPerDay}, ${route.messagesPerConnection}, ${route.weight}, ${route.fallBackId},
            ${route.fallBackAfterSeconds}, ${boxed(route.warmUp)}::jsonb, not exists (select from routes))
    returning id`);
  if (!row) throw new Error("The route was not written");
  return row.id;
}

export async function updateRoute(tx: Queries, id: string, route: RouteFields): Promise<void> {
  await tx.run(sql`
    update routes set name = ${route.name}, kind = ${route.kind}, provider_scope = ${route.providerScope}, host = ${route.host}, port = ${route.port}, tls = ${route.tls},
      username = ${route.username}, trusted_certificate = ${route.trustedCertificate}, bounce_domain = ${route.bounceDomain},
      max_connections = ${route.maxConnections}, messages_per_second = ${route.messagesPerSecond},
      messages_per_hour = ${route.messagesPerHour}, messages_per_day = ${route.messagesPerDay},
      messages_per_connection = ${route.messagesPerConnection}, weight = ${route.weight}, fall_back_id = ${route.fallBackId},
      fall_back_after = ${route.fallBackAfterSeconds}, warm_up = ${boxed(route.warmUp)}::jsonb, updated_at = clock_timestamp(),
      size_limit = case when kind = ${route.kind} and host = ${route.host} and port = ${route.port} then size_limit end
    where id = ${id}`);
}

/** [D114] Keeps what a server says of the largest message that it takes. No change of the route: its connections stay. */
export async function keepSizeLimit(
  db: Queries,
  id: string,
  { size }: Pick<Capabilities, "size">,
): Promise<void> {
  const limit = size || null;
  await db.run(sql`
    update routes set size_limit = ${limit}::bigint where id = ${id} and size_limit is distinct from ${limit}::bigint`);
}

/** [D114] The largest message in bytes that any route takes which shares mail; null if that is not known. */
export async function largestMessage(db: Queries): Promise<number | null> {
  const routes = await listRoutes(db);
  return largestTaken(routes.map((route) => ({ ...route, troubleSince: null })));
}

/** Keeps a sealed password, or forgets it (null). */
export async function setPasswordBox(tx: Queries, id: string, box: Buffer | null): Promise<void> {
  await tx.run(sql`update routes set password_box = ${box}, updated_at = clock_timestamp() where id = ${id}`);
}

/** Makes one route the default in place of whichever was. */
export async function setDefaultRoute(tx: Queries, id: string): Promise<void> {
  await tx.run(
    sql`update routes set is_default = false, updated_at = clock_timestamp() where is_default and id <> ${id}`,
  );
  await tx.run(
    sql`update routes set is_default = true, updated_at = clock_timestamp() where id = ${id} and not is_default`,
  );
}

/** Deletes a route that nothing needs; returns false if something does. */
export async function deleteRoute(tx: Queries, id: string): Promise<boolean> {
  const deleted = await tx.run(sql`
    delete from routes where id = ${id} and not is_default
      and not exists (select from mailings where route_id = ${id})
      and not exists (select from routes other where other.fall_back_id = ${id})`);
  return deleted === 1;
}

/** [D23] What left by each route that has a limit in the last day, minute by minute, and the database's time. */
export async function listUsage(
  db: Queries,
): Promise<
  readonly { readonly routeId: string; readonly minute: Date; readonly sent: number; readonly now: Date }[]
> {
  return db.rows(sql`
    select route_id as "routeId", minute, sent, clock_timestamp() as now from route_usage
    where minute > clock_timestamp() - interval '1 day 1 minute'`);
}
