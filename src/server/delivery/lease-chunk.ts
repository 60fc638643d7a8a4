import { domainToASCII } from "node:url";
import { z } from "zod";
import { readAddress } from "#core/contacts/address.ts";
import { type Database, loadStatement, type Queries, sql } from "../platform/index.ts";
import { askForShare, noteShare } from "./claim-share.ts";
import type { Carried } from "./waits-for-turn.ts";

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
  is_shared: boolean;
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

const leaseStatement = loadStatement(import.meta.url, "./queries/lease-chunk.sql");

/** Who asks for a chunk, by which route, and what that route carries now. */
export type Wanted = Carried & {
  readonly owner: string;
  readonly routeId: string;
  /** [D20] All routes that share mail which names none, with their weights. */
  readonly shares: ReadonlyMap<string, number>;
  readonly onlyTransactional: boolean;
};

/** [D7] Leases the next chunk for a route: see the statement. Of shared mail it takes its share [D20]. */
export function leaseChunk(db: Database, wanted: Wanted): Promise<LeasedChunk | undefined> {
  if (!wanted.takesUnnamed || wanted.shares.size < 2) return take(db, wanted, wanted.takesUnnamed);
  return db.transaction(async (tx) => {
    const from = await askForShare(tx, wanted.shares, wanted.routeId);
    const chunk = await take(tx, wanted, from !== undefined);
    if (chunk?.isShared && from !== undefined)
      await noteShare(tx, {
        routeId: wanted.routeId,
        from,
        size: chunk.size - chunk.intended + chunk.returned.length,
        weight: wanted.shares.get(wanted.routeId) ?? 1,
      });
    return chunk;
  });
}

async function take(
  db: Queries,
  { owner, routeId, namedRouteIds, onlyTransactional }: Wanted,
  takesUnnamed: boolean,
): Promise<(LeasedChunk & { readonly isShared: boolean }) | undefined> {
  const [row] = await db.named<ChunkRow>(leaseStatement, [
    owner,
    namedRouteIds,
    takesUnnamed,
    onlyTransactional,
    leaseSeconds,
  ]);
  if (!row) return undefined;
  const given = givenRecipients.parse(row.recipients);
  return {
    id: row.id,
    mailingId: row.mailing_id,
    isShared: row.is_shared,
    routeId,
    owner,
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
