import { placeOf } from "#core/delivery/delivery-id.ts";
import { notMailableReason } from "../consent/index.ts";
import { type Database, type Sql, sql } from "../platform/index.ts";
import type { DomainPaces } from "./domain-paces.ts";
import { type Fate, unmade } from "./fate.ts";
import type { Halts } from "./halts.ts";
import { leaseSeconds, retryLease } from "./lease-chunk.ts";
import type { LeasesHeld } from "./leases-held.ts";
import { someOptOutsOwed } from "./opt-out-barrier.ts";
import type { Parcel, ParcelHolder } from "./parcel.ts";
import type { RoadLane } from "./road-lane.ts";
import type { SendingMailing, SendingMailings } from "./sending-mailing.ts";
import { type FoundSnapshot, findSnapshots } from "./snapshot.ts";
import type { Carried } from "./waits-for-turn.ts";

/** What a lane is to retries: the road they leave by, and where they are handed to. */
type RetryLane = Pick<RoadLane, "road" | "offer">;

/** How many are taken at once. */
const retryBatch = 100;

/** What working on retries needs from the sender around it. */
export type RetryHost = {
  readonly db: Database;
  readonly owner: string;
  readonly mailings: SendingMailings;
  readonly settle: (parcel: Parcel, routeId: string, fate: Fate) => void;
  readonly leases: LeasesHeld;
  readonly halts: Halts;
  /** [T40] From when on every taker of unsubscribes must have been heard. */
  readonly optOutsSince: () => string;
  /** Waits until messages may leave; how many of those wanted, none if the route rests. */
  readonly pace: (messages: number, isTransactional: boolean) => Promise<number>;
  readonly paces: Pick<DomainPaces, "admit">;
  readonly unpace: (messages: number) => Promise<void>;
  /** What the lane carries, and all routes that share mail which names none. */
  readonly carried: Carried & { readonly sharing: readonly string[] };
};

type RetryRow = {
  delivery_id: string;
  contact_id: string;
  visit_id: string;
  address: string;
  address_key: string;
  attempts: number;
  doubts: number;
  expires_at: Date;
  lease_epoch: string;
  reason: string | null;
};

const leaseOf = ({ delivery_id, lease_epoch }: RetryRow) => retryLease(delivery_id, lease_epoch);

/**
 * [D15] Takes deliveries of one mailing whose time has come again and hands them to the lane: the same message,
 * rendered from its snapshot under the same Message-ID and date. The lease is the intent: committed before anything is
 * sent, after the same re-check as for the first attempt. Returns how many were taken.
 */
export async function workRetries(lane: RetryLane, host: RetryHost): Promise<number> {
  const due = await findDue(host, isCarried(lane, host));
  if (!due) return 0;
  const mailing = await host.mailings.get(due.mailing_id);
  const isTransactional = mailing.compiled.designation === "transactional";
  const most = Math.min(retryBatch, Math.max(1, Math.floor(lane.road.messagesPerSecond ?? retryBatch)));
  const granted = await host.pace(most, isTransactional);
  if (granted === 0) return 0;
  const note = host.leases.asking();
  const rows = await takeDue(host, mailing, granted, isCarried(lane, host));
  note(rows.map(leaseOf));
  const parcels: Parcel[] = [];
  const snapshots = await findSnapshots(
    host.db,
    rows.map(({ delivery_id }) => placeOf(delivery_id)),
  );
  for (const [index, row] of rows.entries()) {
    const parcel = makeParcel(row, snapshots[index], mailing, host);
    if (row.reason === null) parcels.push(parcel);
    else host.settle(parcel, lane.road.id, unmade(row.reason, "It may not be mailed any more."));
  }
  const leaving = await host.paces.admit(parcels, lane.road.id, null);
  await host.unpace(granted - leaving.length);
  for (const parcel of leaving)
    if (parcel.holder.mayFinish()) lane.offer([parcel]);
    else parcel.holder.returned(parcel);
  return rows.length;
}

/** [D21] Of mail that names no route the lane takes what it tried itself, and what was tried by a route that shares no more. */
function isCarried(lane: RetryLane, { carried: { namedRouteIds, takesUnnamed, sharing } }: RetryHost): Sql {
  return sql`(mailing.route_id = any(${namedRouteIds}::bigint[]) or (mailing.route_id is null and ${takesUnnamed}::boolean and (
    retry.route_id is null or retry.route_id = ${lane.road.id}::bigint or retry.route_id <> all(${sharing}::bigint[]))))`;
}

/**
 * The mailing whose retry has waited longest. Steps from mailing to mailing along an index, so that what a paused one has overdue is
 * not passed over row by row.
 */
function findDue({ db }: RetryHost, isOurs: Sql): Promise<{ mailing_id: string } | undefined> {
  return db.first(sql`
    with recursive open as (
      (select mailing_id from delivery_retries order by mailing_id limit 1)
      union all
      select (select next.mailing_id from delivery_retries next where next.mailing_id > open.mailing_id
              order by next.mailing_id limit 1)
      from open where open.mailing_id is not null
    )
    select mailing.id as mailing_id
    from open join mailings mailing on mailing.id = open.mailing_id cross join lateral (
      select retry.next_at from delivery_retries retry
      where retry.mailing_id = mailing.id and retry.next_at <= now() and retry.expires_at > now() and retry.lease_owner is null
        and ${isOurs}
      order by retry.next_at limit 1) due
    where mailing.state = 'running'
    order by due.next_at limit 1`);
}

function takeDue(
  { db, owner, optOutsSince }: RetryHost,
  mailing: SendingMailing,
  limit: number,
  isOurs: Sql,
): Promise<RetryRow[]> {
  const key = sql`coalesce(contacts.email_key, lower(taken.address))`;
  return db.rows<RetryRow>(sql`
    with due as (
      select retry.delivery_id from delivery_retries retry join mailings mailing on mailing.id = retry.mailing_id
      where retry.mailing_id = ${mailing.id}::bigint and retry.next_at <= now() and retry.expires_at > now() and retry.lease_owner is null
        and mailing.state = 'running' and ${isOurs}
        and not exists (select from settings where key = 'delivery.stopped')
        and (mailing.designation = 'transactional' or not ${someOptOutsOwed(sql`${optOutsSince()}`)})
      order by retry.next_at limit ${limit}::int for update of retry skip locked
    ), taken as (
      update delivery_retries retry
      set lease_owner = ${owner}, lease_epoch = lease_epoch + 1, lease_until = now() + make_interval(secs => ${leaseSeconds})
      from due where retry.delivery_id = due.delivery_id
      returning retry.*
    )
    select taken.delivery_id, taken.contact_id, taken.visit_id, taken.address, taken.attempts, taken.doubts, taken.expires_at, taken.lease_epoch,
      ${key} as address_key,
      case
        when taken.contact_id <> 0 and contacts.id is null then 'contact-gone'
        when ${mailing.kind}::text = 'journey' and contacts.email <> taken.address then 'address-changed'
        else ${notMailableReason(mailing.purpose, key)}
      end as reason
    from taken left join contacts on contacts.id = taken.contact_id`);
}

function makeParcel(
  row: RetryRow,
  found: FoundSnapshot | undefined,
  mailing: SendingMailing,
  host: RetryHost,
): Parcel {
  if (!found) throw new Error(`Delivery ${row.delivery_id} was put off without having been begun`);
  return {
    deliveryId: row.delivery_id,
    contactId: row.contact_id,
    visitId: row.visit_id,
    attempt: row.attempts + 1,
    doubts: row.doubts,
    isRetry: true,
    expiresAt: row.expires_at,
    mailing: host.mailings.asOf(mailing, found.contextId, found.context),
    recipient: found.recipient,
    addressKey: row.address_key,
    stamp: found.stamp,
    holder: holderOf(row, mailing.id, host),
  };
}

function holderOf(row: RetryRow, mailingId: string, { db, owner, leases, halts }: RetryHost): ParcelHolder {
  const lease = leaseOf(row);
  const unwatch = halts.watch(mailingId);
  const release = () => {
    leases.release(lease);
    unwatch();
  };
  return {
    mayFinish: () => leases.holds(lease) && !halts.includes(mailingId),
    settled: release,
    returned: () => {
      release();
      // Without the database it keeps its lease, which runs out; recovery then decides by the journal.
      void db
        .run(sql`
          update delivery_retries set lease_owner = null, lease_until = null
          where delivery_id = ${row.delivery_id} and lease_owner = ${owner} and lease_epoch = ${row.lease_epoch}`)
        .catch(() => undefined);
    },
  };
}
