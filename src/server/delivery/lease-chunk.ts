import { domainToASCII } from "node:url";
import { z } from "zod";
import { readAddress } from "#core/contacts/address.ts";
import { type Database, sql } from "../platform/index.ts";

/** A chunk that this process may send for as long as it keeps its lease. */
export type LeasedChunk = {
  readonly id: string;
  readonly mailingId: string;
  readonly routeId: string;
  readonly owner: string;
  readonly epoch: string;
  readonly contactIds: readonly string[];
  readonly visitIds: readonly string[];
  /** By place; all null where the recipient is the contact itself. */
  readonly recipients: readonly {
    readonly address: string | null;
    readonly key: string | null;
    readonly name: string | null;
  }[];
  readonly size: number;
  readonly intended: number;
  readonly returned: readonly number[];
  readonly expiresAt: Date | null;
};

/** [D7] How long a lease holds without being renewed. */
export const leaseSeconds = 60;

type ChunkRow = {
  id: string;
  mailing_id: string;
  route_id: string;
  lease_epoch: string;
  contact_ids: string[];
  visit_ids: string[];
  recipients: unknown;
  size: number;
  intended: number;
  returned: number[];
  expires_at: Date | null;
};

const givenRecipients = z.array(z.object({ address: z.string(), name: z.string().nullable() })).nullable();

/**
 * [D7] Leases the next chunk for one of these routes: transactional mail first, then the oldest. `skip locked` lets many
 * senders take different ones; the epoch fences whoever had it before.
 */
export async function leaseChunk(
  db: Database,
  wanted: {
    readonly owner: string;
    readonly routeIds: readonly string[];
    readonly defaultRouteId: string | null;
  },
): Promise<LeasedChunk | undefined> {
  const row = await db.first<ChunkRow>(sql`
    with due as (
      select chunk.id, coalesce(mailing.route_id, ${wanted.defaultRouteId}::bigint) as route_id
      from delivery_chunks chunk join mailings mailing on mailing.id = chunk.mailing_id
      where chunk.finished_at is null and chunk.lease_owner is null and chunk.available_at <= now()
        and mailing.state = 'running' and coalesce(mailing.route_id, ${wanted.defaultRouteId}::bigint) = any(${wanted.routeIds}::bigint[])
        and (chunk.expires_at is null or chunk.expires_at > now())
        and not exists (select from settings where key = 'delivery.stopped')
      order by mailing.designation = 'transactional' desc, chunk.available_at, chunk.id
      limit 1 for update of chunk skip locked
    )
    update delivery_chunks chunk
    set lease_owner = ${wanted.owner}, lease_epoch = lease_epoch + 1, lease_until = now() + make_interval(secs => ${leaseSeconds})
    from due where chunk.id = due.id
    returning chunk.id, mailing_id, due.route_id, lease_epoch, contact_ids, visit_ids, recipients, size, intended, returned, expires_at`);
  if (!row) return undefined;
  const given = givenRecipients.parse(row.recipients);
  return {
    id: row.id,
    mailingId: row.mailing_id,
    routeId: row.route_id,
    owner: wanted.owner,
    epoch: row.lease_epoch,
    contactIds: row.contact_ids,
    visitIds: row.visit_ids,
    recipients: row.contact_ids.map((_, place) => readRecipient(given?.[place])),
    size: row.size,
    intended: row.intended,
    returned: row.returned,
    expiresAt: row.expires_at,
  };
}

function readRecipient(
  given: { address: string; name: string | null } | undefined,
): LeasedChunk["recipients"][number] {
  if (!given) return { address: null, key: null, name: null };
  const read = readAddress(given.address, domainToASCII);
  return {
    address: given.address,
    key: read.ok ? read.value.key : given.address.toLowerCase(),
    name: given.name ?? "",
  };
}

/** What a lease is known by: the same chunk leased again is another lease. */
export const chunkLease = ({ id, epoch }: Pick<LeasedChunk, "id" | "epoch">): string =>
  `chunk ${id} ${epoch}`;
export const retryLease = (deliveryId: string, epoch: string): string => `retry ${deliveryId} ${epoch}`;

/** Renews every lease of this process; returns the names of those that are still its own. */
export async function renewLeases(db: Database, owner: string): Promise<ReadonlySet<string>> {
  const rows = await db.rows<{ name: string }>(sql`
    with chunks as (
      update delivery_chunks set lease_until = now() + make_interval(secs => ${leaseSeconds})
      where lease_owner = ${owner} and finished_at is null and lease_until > now() returning id, lease_epoch
    ), retries as (
      update delivery_retries set lease_until = now() + make_interval(secs => ${leaseSeconds})
      where lease_owner = ${owner} and lease_until > now() returning delivery_id, lease_epoch
    )
    select concat_ws(' ', 'chunk', id, lease_epoch) as name from chunks
    union all select concat_ws(' ', 'retry', delivery_id, lease_epoch) from retries`);
  return new Set(rows.map(({ name }) => name));
}

/** How the lease of a chunk ends. */
export type LeaseEnd = {
  /** The mark as far as this sender may have moved it. */
  readonly intended: number;
  /** Places below the mark that were surely not touched. */
  readonly untouched: readonly number[];
  /** Leave it alone for so long. */
  readonly pauseSeconds: number;
};

/** Ends the lease of a chunk. It is finished if every place was begun and none came back untouched. */
export async function endLease(
  db: Database,
  chunk: Pick<LeasedChunk, "id" | "owner" | "epoch">,
  { intended, untouched, pauseSeconds }: LeaseEnd,
): Promise<void> {
  await db.run(sql`
    update delivery_chunks set
      intended = greatest(intended, ${intended}::int), returned = ${untouched}::int[], lease_owner = null, lease_until = null,
      available_at = greatest(available_at, now() + make_interval(secs => ${pauseSeconds}::int)),
      finished_at = case when greatest(intended, ${intended}::int) = size and ${untouched.length} = 0 then now() end
    where id = ${chunk.id} and lease_owner = ${chunk.owner} and lease_epoch = ${chunk.epoch}`);
}
