import { claimShare } from "#core/senders/routing.ts";
import { sql, type Transaction } from "../platform/index.ts";

/** A route that took nothing for so long does not keep up. */
const keepsUpSeconds = 30;

/**
 * [D20] Asks whether a route may take a chunk of shared mail. The rows of all sharing routes stay locked until the transaction
 * ends, so that senders decide one after the other. Returns the turn to count from, or undefined: others are next.
 */
export async function askForShare(
  tx: Transaction,
  shares: ReadonlyMap<string, number>,
  routeId: string,
): Promise<number | undefined> {
  const ids = [...shares.keys()];
  await tx.run(sql`
    insert into route_shares (route_id, turn)
    select id, coalesce((select max(turn) from route_shares), 0) from routes where id = any(${ids}::bigint[])
      and not exists (select from route_shares where route_id = routes.id)
    order by id on conflict (route_id) do nothing`);
  const turns = await tx.rows<{ id: string; turn: number; keepsUp: boolean }>(sql`
    select route_id as id, turn, taken_at > clock_timestamp() - make_interval(secs => ${keepsUpSeconds}) as "keepsUp"
    from route_shares where route_id = any(${ids}::bigint[]) order by route_id for update`);
  const { may, from } = claimShare(turns, routeId);
  return may ? from : undefined;
}

/** [D20] Counts what a route took. */
export async function noteShare(
  tx: Transaction,
  taken: { readonly routeId: string; readonly from: number; readonly size: number; readonly weight: number },
): Promise<void> {
  await tx.run(sql`
    update route_shares set turn = ${taken.from + taken.size / taken.weight}::float8, taken_at = clock_timestamp()
    where route_id = ${taken.routeId}`);
}
