import { createHash } from "node:crypto";
import { deliveryIdOf } from "#core/delivery/delivery-id.ts";
import type { contactColumns, FieldNeed } from "#core/messages/contact-schema.ts";
import { notMailableAmong } from "../consent/index.ts";
import { type Database, foreignSql, type Sql, sql, type Transaction } from "../platform/index.ts";
import type { LeasedChunk } from "./lease-chunk.ts";
import { someOptOutsOwed } from "./opt-out-barrier.ts";
import type { SendingMailing } from "./sending-mailing.ts";
import { type BatchStamp, keepSnapshot, packBatch, type RecipientSnapshot } from "./snapshot.ts";

/** A recipient who may be mailed now, as read in the transaction of the intent. */
export type JudgedRecipient = RecipientSnapshot & {
  readonly place: number;
  readonly contactId: string;
  readonly visitId: string;
  readonly addressKey: string;
};

export type Begun =
  | { readonly kind: "begun"; readonly recipients: readonly JudgedRecipient[] }
  /** The mailing or all sending was stopped, unsubscribes are on their way, or the lease is another's: nothing was begun. */
  | { readonly kind: "stopped" };

/** Columns in the order of the select, because rows with names would cost each message as much again. */
type Row = readonly [
  place: number,
  contactId: string,
  visitId: string,
  address: string,
  addressKey: string,
  displayName: string,
  timeZone: string,
  locale: string,
  reason: string | null,
  ...fields: (string | null)[],
];

/**
 * [D6] The intent: one transaction re-checks lease, pause, suppression and consent, notes who is skipped and why, keeps
 * the snapshot of the others and moves the chunk's mark. Only what it returns may be sent. About 10 µs of PostgreSQL per
 * recipient in batches of 250, half of it the re-check.
 */
export async function beginBatch(
  db: Database,
  chunk: LeasedChunk,
  mailing: SendingMailing,
  batch: {
    readonly places: readonly number[];
    readonly intended: number;
    readonly returned: readonly number[];
    readonly stamp: BatchStamp;
    /** [T40] From when on every taker of unsubscribes must have been heard. */
    readonly optOutsSince: () => string;
  },
): Promise<Begun> {
  return db.transaction(async (tx) => {
    const rows = await tx.namedLists<Row>(...statementFor(chunk, mailing, batch));
    if (rows.length === 0) return { kind: "stopped" };
    const reasons = rows.flatMap(([, , , , , , , , reason]) => (reason === null ? [] : [reason]));
    const repeated = reasons.filter((reason) => reason === "repeated").length;
    await countSkipped(tx, chunk, reasons.filter((reason) => !isLogged(reason)).length, repeated);
    const recipients = rows.filter((row) => row[8] === null).map(readRow);
    if (recipients.length > 0)
      await keepSnapshot(tx, {
        chunkId: chunk.id,
        contextId: mailing.contextId,
        places: recipients.map(({ place }) => place),
        data: packBatch(batch.stamp, recipients),
      });
    return { kind: "begun", recipients };
  }, steadyPlans);
}

/** The log has this key already: of this very delivery, or of an earlier one with the same key. */
function isLogged(reason: string): boolean {
  return reason === "known" || reason === "repeated";
}

function readRow(row: Row): JudgedRecipient {
  const [place, contactId, visitId, address, addressKey, displayName, timeZone, locale, , ...fields] = row;
  return {
    place,
    contactId,
    visitId,
    address,
    addressKey,
    displayName,
    timeZone,
    locale,
    trackingConsent: true,
    fields,
  };
}

async function countSkipped(
  tx: Transaction,
  chunk: LeasedChunk,
  skipped: number,
  repeated: number,
): Promise<void> {
  if (skipped > 0)
    await tx.run(sql`
      insert into mailing_totals (mailing_id, outcome, total) values (${chunk.mailingId}, 'skipped', ${skipped})
      on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total`);
  if (repeated > 0) {
    await tx.run(sql`update delivery_chunks set repeated = repeated + ${repeated} where id = ${chunk.id}`);
    await tx.run(sql`
      update mailing_totals set total = total - ${repeated} where mailing_id = ${chunk.mailingId} and outcome = 'queued'`);
  }
}

function statementFor(
  chunk: LeasedChunk,
  mailing: SendingMailing,
  batch: {
    readonly places: readonly number[];
    readonly intended: number;
    readonly returned: readonly number[];
    readonly optOutsSince: () => string;
  },
): [{ name: string; text: string }, readonly unknown[]] {
  const at = <Value>(values: readonly Value[]) => batch.places.map((place) => values[place]);
  const query = sql`
    with fence as (
      update delivery_chunks chunk set intended = greatest(chunk.intended, ${batch.intended}::int), returned = ${batch.returned}::int[]
      from mailings mailing
      where chunk.id = ${chunk.id}::bigint and chunk.lease_owner = ${chunk.owner}::text and chunk.lease_epoch = ${chunk.epoch}::bigint
        and chunk.lease_until > clock_timestamp() and (chunk.expires_at is null or chunk.expires_at > clock_timestamp())
        and mailing.id = chunk.mailing_id and mailing.state = 'running'
        and not exists (select from settings where key = 'delivery.stopped')
        and (mailing.designation = 'transactional' or not ${someOptOutsOwed(sql`${batch.optOutsSince()}`)})
      returning chunk.mailing_id
    ), batch as materialized (
      select fence.mailing_id, given.place, given.contact_id, given.visit_id, contacts.id as known_id,
        coalesce(given_address, contacts.email) as address, coalesce(given_key, contacts.email_key) as address_key,
        coalesce(given_name, concat_ws(' ', contacts.first_name, contacts.last_name)) as display_name,
        coalesce(contacts.time_zone, 'UTC') as time_zone, coalesce(contacts.language, 'en') as locale
        ${fieldsOf(mailing.compiled.fields)}
      from fence cross join unnest(
        ${batch.places}::int[], ${at(chunk.contactIds)}::bigint[], ${at(chunk.visitIds)}::bigint[],
        ${at(chunk.recipients.map(({ address }) => address))}::text[], ${at(chunk.recipients.map(({ key }) => key))}::text[],
        ${at(chunk.recipients.map(({ name }) => name))}::text[]
      ) as given(place, contact_id, visit_id, given_address, given_key, given_name)
        left join contacts on contacts.id = given.contact_id
    ), named as materialized (
      select array_agg(address_key) as keys, array_agg(contact_id) as contact_ids, min(mailing_id) as mailing_id from batch
    ), logged as materialized (
      select contact_id, visit_id, delivery_id from delivery_log
      where mailing_id = (select mailing_id from named) and contact_id = any((select contact_ids from named)::bigint[])
    ), judged as (
      select batch.*,
        case
          when logged.delivery_id = ${deliveryIdOf(chunk.id, 0)}::bigint + batch.place then 'known'
          when logged.delivery_id is not null then 'repeated'
          when batch.contact_id <> 0 and known_id is null then 'contact-gone'
          else barred.reason
        end as reason
      from batch
        left join logged on logged.contact_id = batch.contact_id and logged.visit_id = batch.visit_id
        left join ${notMailableAmong(mailing.purpose, sql`(select keys from named)::text[]`)} barred on barred.address_key = batch.address_key
    ), skipped as (
      insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, reason, attempts, address)
      select mailing_id, contact_id, visit_id, ${deliveryIdOf(chunk.id, 0)}::bigint + place, 'skipped', reason, 0, coalesce(address, '')
      from judged where reason not in ('known', 'repeated')
    )
    select place, contact_id, visit_id, address, address_key, display_name, time_zone, locale, reason ${fieldNames(mailing.compiled.fields.length)}
    from judged`;
  const { text, values } = query;
  return [
    { name: `begin-batch-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`, text },
    values,
  ];
}

/** [D6] The statement is planned once per connection, always by the indexes: planning anew would cost as much as running it. */
const steadyPlans = "set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off";

/** The fields of a contact as texts: `, … as f0, … as f1` in the order in which the message needs them. */
function fieldsOf(needs: readonly FieldNeed[]): Sql {
  return needs.reduce((list, { path, kind }, slot) => {
    const field = kind === "column" ? columnOf(path[0] ?? "") : sql`contacts.attributes #>> ${path}::text[]`;
    return sql`${list}, ${field} as ${fieldName(slot)}`;
  }, sql``);
}

function fieldNames(count: number): Sql {
  return Array.from({ length: count }, (_, slot) => fieldName(slot)).reduce(
    (list, name) => sql`${list}, ${name}`,
    sql``,
  );
}

/** `f` and a number of ours, which no value can be: an identifier has no place for a parameter. */
function fieldName(slot: number): Sql {
  return foreignSql(`f${Math.trunc(slot)}`, []);
}

const columns: Readonly<Record<keyof typeof contactColumns, Sql>> = {
  email: sql`coalesce(given_address, contacts.email)`,
  first_name: sql`coalesce(contacts.first_name, case when given.contact_id = 0 then given_name end)`,
  last_name: sql`contacts.last_name`,
  language: sql`contacts.language`,
  time_zone: sql`contacts.time_zone`,
  country: sql`contacts.country`,
  city: sql`contacts.city`,
};

function columnOf(name: string): Sql {
  const column = Object.entries(columns).find(([known]) => known === name)?.[1];
  if (!column) throw new Error(`There is no contact column ${name}`);
  return column;
}
