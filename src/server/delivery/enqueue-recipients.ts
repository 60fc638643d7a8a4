import { deliveryIdOf } from "#core/delivery/delivery-id.ts";
import { type Sql, sql, type Transaction } from "#server/platform/index.ts";

type Enqueued = { readonly mailingId: string; readonly expiresAt?: Date | null };

/** A recipient whose address is not (or not necessarily) that of a contact. */
export type Recipient = {
  readonly address: string;
  readonly name: string | null;
  /** Whose data fills the message; null for nobody's, as for a friend who got a forwarded copy. */
  readonly contactId: string | null;
  /** Tells repeats in one mailing apart: a forward's or a test's own number. */
  readonly visitId: string;
};

/** [D1] Recipients in one chunk row. Below 1,024, so that a delivery id is chunk id * 1024 + place. */
const chunkSize = 1000;

/**
 * Hands a set of contacts to the sender: `from` is a select that yields `contact_id, visit_id` (no data-modifying
 * WITH inside). One statement whatever the size; returns how many were enqueued. [D2] Belongs in the transaction
 * that makes the sending true, so that neither can be without the other.
 */
export async function enqueueFromSql(
  tx: Transaction,
  given: Enqueued & { readonly from: Sql },
): Promise<number> {
  const row = await tx.first<{ count: string }>(sql`
    with numbered as (
      select contact_id, visit_id, (row_number() over (order by contact_id, visit_id) - 1) / ${chunkSize}::int as chunk
      from (select distinct contact_id, visit_id from (${given.from}) chosen) distinct_ones
    ), chunks as (
      insert into delivery_chunks (mailing_id, contact_ids, visit_ids, size, expires_at)
      select ${given.mailingId}::bigint, array_agg(contact_id order by contact_id, visit_id),
             array_agg(visit_id order by contact_id, visit_id), count(*), ${given.expiresAt ?? null}::timestamptz
      from numbered group by chunk order by chunk
      returning size
    ), counted as (
      insert into mailing_totals (mailing_id, outcome, total)
      select ${given.mailingId}::bigint, 'queued', sum(size) from chunks having count(*) > 0
      on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total
    )
    select coalesce(sum(size), 0) as count from chunks`);
  const count = Number(row?.count ?? 0);
  if (count > 0) await wakeSenders(tx);
  return count;
}

/** Hands single recipients to the sender (tests, forwards, single mails). Returns delivery ids in the order given. */
export async function enqueueRecipients(
  tx: Transaction,
  given: Enqueued & { readonly recipients: readonly Recipient[] },
): Promise<string[]> {
  const deliveryIds: string[] = [];
  for (let start = 0; start < given.recipients.length; start += chunkSize) {
    const part = given.recipients.slice(start, start + chunkSize);
    const chunk = await tx.first<{ id: string }>(sql`
      insert into delivery_chunks (mailing_id, contact_ids, visit_ids, recipients, size, expires_at)
      values (${given.mailingId}, ${part.map(({ contactId }) => contactId ?? "0")}::bigint[],
              ${part.map(({ visitId }) => visitId)}::bigint[],
              ${JSON.stringify(part.map(({ address, name }) => ({ address, name })))}::jsonb, ${part.length},
              ${given.expiresAt ?? null})
      returning id`);
    if (!chunk) throw new Error("The chunk was not written");
    part.forEach((_, place) => {
      deliveryIds.push(deliveryIdOf(chunk.id, place));
    });
  }
  if (deliveryIds.length === 0) return deliveryIds;
  await tx.run(sql`
    insert into mailing_totals (mailing_id, outcome, total) values (${given.mailingId}, 'queued', ${deliveryIds.length})
    on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total`);
  await wakeSenders(tx);
  return deliveryIds;
}

/** Senders listen on this channel; a lost notification costs them at most their poll time. */
export const deliveryChannel = "delivery";

async function wakeSenders(tx: Transaction): Promise<void> {
  await tx.run(sql`select pg_notify(${deliveryChannel}, '')`);
}
