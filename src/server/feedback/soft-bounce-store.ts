import type { SoftStanding } from "#core/delivery/soft-bounces.ts";
import { type Queries, sql, type Transaction } from "../platform/index.ts";

/** What is remembered of addresses; those of which nothing is are missing. Held until the transaction ends. */
export async function readStandings(
  tx: Transaction,
  addressKeys: readonly string[],
): Promise<ReadonlyMap<string, SoftStanding>> {
  const rows = await tx.rows<SoftStanding & { addressKey: string }>(sql`
    select address_key as "addressKey", delivery_ids::text[] as "deliveryIds", occurrences
    from soft_bounces where address_key = any(${[...addressKeys]}::text[]) order by address_key for update`);
  return new Map(rows.map(({ addressKey, ...standing }) => [addressKey, standing]));
}

type Asked = { readonly addressKey: string; readonly contactId: string; readonly at: Date };

/**
 * [D52] The addresses where, since their last soft bounce, somebody opened or clicked, or a delivery was accepted and did not come
 * back for long enough. Each look-up is two index probes.
 */
export async function findGoodNews(
  tx: Queries,
  bounces: readonly Asked[],
  settledAfterDays: number,
): Promise<ReadonlySet<string>> {
  const rows = await tx.rows<{ addressKey: string }>(sql`
    select given.address_key as "addressKey"
    from unnest(${bounces.map(({ addressKey }) => addressKey)}::text[], ${bounces.map(({ contactId }) => contactId)}::bigint[],
                ${bounces.map(({ at }) => at)}::timestamptz[]) given(address_key, contact_id, at)
    join soft_bounces held on held.address_key = given.address_key
    where given.contact_id > 0 and (
      exists (
        select from interactions seen where seen.contact_id = given.contact_id and seen.kind in ('open', 'click')
          and seen.agent = 'human' and seen.at > held.last_at)
      or exists (
        select from delivery_log log where log.contact_id = given.contact_id and log.outcome = 'accepted'
          and log.at > held.last_at and log.at < given.at - make_interval(days => ${settledAfterDays})
          and not exists (select from bounces late where late.delivery_id = log.delivery_id)))`);
  return new Set(rows.map(({ addressKey }) => addressKey));
}

/** Remembers what was counted. */
export async function writeStandings(
  tx: Transaction,
  counted: readonly { readonly addressKey: string; readonly standing: SoftStanding; readonly at: Date }[],
): Promise<void> {
  await tx.run(sql`
    insert into soft_bounces (address_key, delivery_ids, occurrences, last_at)
    select address_key, string_to_array(delivery_ids, ',')::bigint[], occurrences, at
    from unnest(${counted.map(({ addressKey }) => addressKey)}::text[],
                ${counted.map(({ standing }) => standing.deliveryIds.join(","))}::text[],
                ${counted.map(({ standing }) => standing.occurrences)}::integer[], ${counted.map(({ at }) => at)}::timestamptz[])
      given(address_key, delivery_ids, occurrences, at)
    on conflict (address_key) do update set
      delivery_ids = excluded.delivery_ids, occurrences = excluded.occurrences, last_at = excluded.last_at`);
}
