import { placeOf } from "#core/delivery/delivery-id.ts";
import { type Database, loadStatement, sql, type Transaction } from "../platform/index.ts";
import { deliveryChannel } from "./enqueue-recipients.ts";
import { getSendingPolicy, patienceOf } from "./sending-policy.ts";

/**
 * [D11] Settles deliveries in doubt: counts them as accepted, with who said so (`reason`), or queues them for one more attempt under the
 * same Message-ID. Others are left alone. Returns how many were settled.
 */
export async function resolveDoubt(
  tx: Transaction,
  deliveryIds: readonly string[],
  as: { readonly accepted: string } | { readonly resendAt: Date },
): Promise<number> {
  const places = await findKeys(tx, deliveryIds);
  const patience = patienceOf(await getSendingPolicy(tx));
  const keys = sql`unnest(${places.map(({ mailing_id }) => mailing_id)}::bigint[], ${places.map(({ contact_id }) => contact_id)}::bigint[],
    ${places.map(({ visit_id }) => visit_id)}::bigint[], ${places.map(({ delivery_id }) => delivery_id)}::bigint[])
    as wanted(mailing_id, contact_id, visit_id, delivery_id)`;
  const mine = sql`log.mailing_id = wanted.mailing_id and log.contact_id = wanted.contact_id and log.visit_id = wanted.visit_id
    and log.delivery_id = wanted.delivery_id and log.outcome = 'in-doubt'`;
  const settled =
    "accepted" in as
      ? sql`update delivery_log log set outcome = 'accepted', reason = ${as.accepted} from ${keys} where ${mine}
            returning log.mailing_id, 1 as accepted`
      : sql`delete from delivery_log log using ${keys} where ${mine} returning log.*, 0 as accepted`;
  const again =
    "accepted" in as
      ? sql`select`
      : sql`insert into delivery_retries (delivery_id, mailing_id, contact_id, visit_id, address, attempts, doubts, next_at, last_reply, expires_at)
            select delivery_id, mailing_id, contact_id, visit_id, address, attempts, doubts + 1, ${as.resendAt}::timestamptz,
              coalesce(reply, ''), ${new Date(as.resendAt.getTime() + patience)}::timestamptz from settled`;
  const row = await tx.first<{ count: string }>(sql`
    with settled as (${settled}), again as (${again}), moved as (
      insert into mailing_totals (mailing_id, outcome, total)
      select mailing_id, outcome, sum(change) from (
        select mailing_id, 'in-doubt' as outcome, -1 as change from settled
        union all select mailing_id, 'accepted', 1 from settled where accepted = 1
      ) changes group by mailing_id, outcome order by mailing_id, outcome
      on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total
    )
    select count(*) from settled`);
  const count = Number(row?.count ?? 0);
  // Providers tell of every delivery; only few of them are in doubt, and senders need not hear of the others.
  if (count > 0) await tx.run(sql`select pg_notify(${deliveryChannel}, '')`);
  return count;
}

type Key = { delivery_id: string; mailing_id: string; contact_id: string; visit_id: string };

const evidence = loadStatement(import.meta.url, "./queries/settle-by-evidence.sql");

/** Counts doubtful deliveries as accepted that have proved to have arrived. Returns how many. */
export async function settleByEvidence(db: Database): Promise<number> {
  const found = await db.named<{ delivery_id: string }>(evidence, []);
  if (found.length === 0) return 0;
  return db.transaction((tx) =>
    resolveDoubt(
      tx,
      found.map(({ delivery_id }) => delivery_id),
      { accepted: "seen-by-recipient" },
    ),
  );
}

/** The log's keys of deliveries, from their chunks. */
function findKeys(tx: Transaction, deliveryIds: readonly string[]): Promise<Key[]> {
  const places = deliveryIds.map(placeOf);
  return tx.rows<Key>(sql`
    select wanted.delivery_id, chunk.mailing_id, chunk.contact_ids[wanted.place + 1] as contact_id,
      chunk.visit_ids[wanted.place + 1] as visit_id
    from unnest(${[...deliveryIds]}::bigint[], ${places.map(({ chunkId }) => chunkId)}::bigint[], ${places.map(({ place }) => place)}::int[])
        as wanted(delivery_id, chunk_id, place)
      join delivery_chunks chunk on chunk.id = wanted.chunk_id and wanted.place < chunk.size`);
}
