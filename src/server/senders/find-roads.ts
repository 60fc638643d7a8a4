import type { WarmUp } from "#core/delivery/warm-up.ts";
import type { RouteKind } from "#core/senders/provider-route.ts";
import { type Platform, sql } from "../platform/index.ts";

/** A route as the sender needs it: with its password opened. */
export type Road = {
  readonly id: string;
  readonly name: string;
  readonly kind: RouteKind;
  /** Amazon SES: the region; Mailgun: the sending domain; Postmark: the message stream; else null. */
  readonly providerScope: string | null;
  readonly host: string;
  readonly port: number;
  readonly tls: "none" | "starttls" | "starttls-required" | "implicit";
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly trustedCertificate: string | null;
  readonly bounceDomain: string | null;
  readonly maxConnections: number;
  /** Null: as fast as it goes. */
  readonly messagesPerSecond: number | null;
  readonly messagesPerHour: number | null;
  readonly messagesPerDay: number | null;
  readonly warmUp: WarmUp | null;
  /** [D13] After so many a connection is made anew, so that load spreads over the servers behind a name. */
  readonly messagesPerConnection: number;
  readonly weight: number;
  readonly fallBackId: string | null;
  readonly fallBackAfterSeconds: number;
  readonly troubleSince: number | null;
  readonly isDefault: boolean;
  readonly isMailbox: boolean;
  /** [D114] The largest message in bytes that its server said it takes; null: it named no limit, or was not asked. */
  readonly sizeLimit: number | null;
  /** Changes with every change of the route, so that connections are made anew. */
  readonly revision: string;
};

type RoadRow = {
  id: string;
  name: string;
  kind: RouteKind;
  provider_scope: string | null;
  host: string;
  port: number;
  tls: Road["tls"];
  username: string | null;
  password_box: Buffer | null;
  trusted_certificate: string | null;
  bounce_domain: string | null;
  max_connections: number;
  messages_per_second: string | null;
  messages_per_hour: number | null;
  messages_per_day: number | null;
  warm_up: WarmUp | null;
  messages_per_connection: number;
  weight: number;
  fall_back_id: string | null;
  fall_back_after: number;
  trouble_since: Date | null;
  is_default: boolean;
  is_mailbox: boolean;
  size_limit: number | null;
  updated_at: Date;
};

/** What the password of a route is sealed for: a box moved to another route does not open. */
export const passwordPurpose = (routeId: string) => `route/${routeId}/password`;

/** All routes. A route whose password cannot be opened (another instance key) is left out and said in the log. */
export async function findRoads({
  db,
  secrets,
  log,
}: Pick<Platform, "db" | "secrets" | "log">): Promise<Road[]> {
  const rows = await db.rows<RoadRow>(sql`
    select id, name, kind, provider_scope, host, port, tls, username, password_box, trusted_certificate, bounce_domain, max_connections,
           messages_per_second, messages_per_hour, messages_per_day, warm_up, messages_per_connection, weight, fall_back_id, fall_back_after,
           is_default, is_mailbox, size_limit::float8, updated_at,
           (select since from route_troubles where route_id = routes.id) as trouble_since
    from routes order by id`);
  const roads: Road[] = [];
  for (const row of rows) {
    try {
      roads.push({
        id: row.id,
        name: row.name,
        kind: row.kind,
        providerScope: row.provider_scope,
        host: row.host,
        port: row.port,
        tls: row.tls,
        credentials: row.username
          ? {
              username: row.username,
              password: row.password_box
                ? secrets.open(row.password_box, passwordPurpose(row.id)).toString("utf8")
                : "",
            }
          : null,
        trustedCertificate: row.trusted_certificate,
        bounceDomain: row.bounce_domain,
        maxConnections: row.max_connections,
        messagesPerSecond: row.messages_per_second === null ? null : Number(row.messages_per_second),
        messagesPerHour: row.messages_per_hour,
        messagesPerDay: row.messages_per_day,
        warmUp: row.warm_up,
        messagesPerConnection: row.messages_per_connection,
        weight: row.weight,
        fallBackId: row.fall_back_id,
        fallBackAfterSeconds: row.fall_back_after,
        troubleSince: row.trouble_since?.getTime() ?? null,
        isDefault: row.is_default,
        isMailbox: row.is_mailbox,
        sizeLimit: row.size_limit,
        revision: row.updated_at.toISOString(),
      });
    } catch {
      log.error(
        { route: row.id },
        "the password of this route was sealed with another instance key; enter it again",
      );
    }
  }
  return roads;
}
