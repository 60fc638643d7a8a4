import type { SuppressionCategory } from "#core/consent/may-send.ts";
import { sql, type Transaction } from "../platform/index.ts";

/** An address to be suppressed. `source` says what found out: `bounce`, `complaint`, `person`, `forward-page` … */
export type SuppressionEntry = {
  readonly addressKey: string;
  readonly category: SuppressionCategory;
  readonly reason: string;
  readonly source: string;
  /** Null: until it is lifted. */
  readonly expiresAt?: Date | null;
};

/**
 * Suppresses addresses by sets. Where an address is suppressed in the same category already, the longer term stays [C15];
 * one that has expired is ended first and stays as history [C16]. Returns how many suppressions are new.
 */
export async function suppress(tx: Transaction, entries: readonly SuppressionEntry[]): Promise<number> {
  const keys = entries.map(({ addressKey }) => addressKey);
  const categories = entries.map(({ category }) => category);
  await tx.run(sql`
    update suppressions set lifted_at = expires_at
    where lifted_at is null and expires_at <= now()
      and (address_key, category) in (select * from unnest(${keys}::text[], ${categories}::text[]))`);
  const rows = await tx.rows<{ isNew: boolean }>(sql`
    insert into suppressions as held (address_key, category, reason, source, expires_at)
    select distinct on (address_key, category) address_key, category, reason, source, expires_at
    from unnest(${keys}::text[], ${categories}::text[], ${entries.map(({ reason }) => reason)}::text[],
      ${entries.map(({ source }) => source)}::text[], ${entries.map(({ expiresAt }) => expiresAt ?? null)}::timestamptz[])
      as given (address_key, category, reason, source, expires_at)
    order by address_key, category, expires_at desc nulls first
    on conflict (address_key, category) where lifted_at is null do update
      set expires_at = case when held.expires_at is null or excluded.expires_at is null then null
        else greatest(held.expires_at, excluded.expires_at) end
    returning xmax = 0 as "isNew"`);
  return rows.filter(({ isNew }) => isNew).length;
}
