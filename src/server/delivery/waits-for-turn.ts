import { type Queries, sql } from "../platform/index.ts";

/** What a route carries: mail that names one of these routes, and mail that names none if it shares it. */
export type Carried = { readonly namedRouteIds: readonly string[]; readonly takesUnnamed: boolean };

/**
 * [D22] Whether another mailing that the route could carry has fewer chunks in work than this one, and so should have its turn
 * before this one goes on.
 */
export async function waitsForTurn(
  db: Queries,
  mailingId: string,
  { namedRouteIds, takesUnnamed }: Carried,
): Promise<boolean> {
  const busy = sql`from delivery_chunks busy where busy.finished_at is null and busy.lease_owner is not null`;
  const row = await db.first<{ waits: boolean }>(sql`
    select exists (
      select from mailings other
      where other.id in (select mailing_id from delivery_chunks where finished_at is null and lease_owner is null and available_at <= now())
        and other.id <> ${mailingId}::bigint and other.state = 'running'
        and (other.route_id = any(${namedRouteIds}::bigint[]) or (other.route_id is null and ${takesUnnamed}::boolean))
        and (select count(*) ${busy} and busy.mailing_id = other.id) < (select count(*) ${busy} and busy.mailing_id = ${mailingId}::bigint)
    ) as waits`);
  return row?.waits ?? false;
}
