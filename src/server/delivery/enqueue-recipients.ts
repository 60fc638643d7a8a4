import { deliveryIdOf } from "#core/delivery/delivery-id.ts";
import { type Sql, sql, type Transaction } from "#server/platform/index.ts";

type Enqueued = {
  readonly mailingId: string;
  /** Nothing is begun after this. */
  readonly expiresAt?: Date | null;
  /** Nothing is begun so long after its time, whichever comes first. */
  readonly lifetimeSeconds?: number | undefined;
};

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
 * WITH inside), and if `isPlanned`, `planned_at`: when each was meant to leave, by the database's clock. One statement whatever the
 * size; returns how many were enqueued. [D2] Belongs in the transaction that makes the sending true, so that neither can be without
 * the other. [D72] What is late already waits for a person; chunks hold what was planned together.
 */
export async function enqueueFromSql(
  tx: Transaction,
  given: Enqueued & { readonly from: Sql; readonly isPlanned?: boolean },
): Promise<number> {
  const { isPlanned = false } = given;
  const planned = isPlanned ? sql`min(planned_at)` : sql`now()`;
  const row = await tx.first<{ count: string }>(sql`
    with numbered as (
      select *, (row_number() over (order by ${isPlanned ? sql`planned_at, ` : sql``}contact_id, visit_id) - 1) / ${chunkSize}::int as chunk
      from (${
        isPlanned
          ? sql`select contact_id, visit_id, ${planned} as planned_at from (${given.from}) chosen group by contact_id, visit_id`
          : sql`select distinct contact_id, visit_id from (${given.from}) chosen`
      }) distinct_ones
    ), grouped as (
      select chunk, array_agg(contact_id order by contact_id, visit_id) as contact_ids,
        array_agg(visit_id order by contact_id, visit_id) as visit_ids, count(*) as size, ${planned} as planned_at
      from numbered group by chunk
    ), chunks as (
      insert into delivery_chunks (mailing_id, contact_ids, visit_ids, size, planned_at, expires_at, late, available_at)
      select ${given.mailingId}::bigint, contact_ids, visit_ids, size, planned_at, ${expiry(given, sql`planned_at`)},
        case when is_late then 'held' end, case when is_late then 'infinity' else now() end
      from grouped cross join lateral (select planned_at < ${lateBefore} as is_late) judged order by chunk
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
              ${expiry(given, sql`now()`)})
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

/** [D72] What was planned before this is late now. */
const lateBefore = sql`now() - make_interval(mins => coalesce((select (value ->> 'lateAfterMinutes')::int from settings where key = 'delivery.policy'), 120))`;

function expiry({ expiresAt, lifetimeSeconds }: Enqueued, plannedAt: Sql): Sql {
  const lifetime = sql`make_interval(secs => ${lifetimeSeconds ?? null}::double precision)`;
  return sql`least(${expiresAt ?? null}::timestamptz, ${plannedAt} + ${lifetime})`;
}

/** Senders listen on this channel; a lost notification costs them at most their poll time. */
export const deliveryChannel = "delivery";

async function wakeSenders(tx: Transaction): Promise<void> {
  await tx.run(sql`select pg_notify(${deliveryChannel}, '')`);
}
