import type { outcomes } from "#contract/delivery.ts";
import { placeOf } from "#core/delivery/delivery-id.ts";
import { joinSql, type Queries, type Sql, sql } from "../platform/index.ts";

export type Outcome = (typeof outcomes)[number];

export type MailingRow = {
  readonly id: string;
  readonly kind: "journey" | "forward" | "test" | "transactional";
  readonly designation: "commercial" | "transactional";
  readonly messageId: string;
  readonly messageName: string;
  readonly messageVersionId: string;
  readonly journeyId: string | null;
  readonly journeyName: string | null;
  readonly routeId: string | null;
  readonly state: "running" | "paused" | "cancelled";
  readonly pauseReason: string | null;
  readonly createdAt: Date;
  /** [D74] Its tile of a running journey still hands contacts over to it. */
  readonly mayGrow: boolean;
  /** By outcome; 'queued' counts what was ever enqueued. */
  readonly totals: Readonly<Record<string, number>>;
};

function selectMailings(where: Sql, tail: Sql): Sql {
  return sql`
    select mailing.id, mailing.kind, mailing.designation, mailing.message_id as "messageId", message.name as "messageName",
      mailing.message_version_id as "messageVersionId", mailing.journey_id as "journeyId", journey.name as "journeyName",
      mailing.route_id as "routeId", mailing.state, mailing.pause_reason as "pauseReason", mailing.created_at as "createdAt",
      exists (select from journeys running where running.live_version_id = mailing.journey_version_id and running.state in ('live', 'paused'))
        and not exists (select from mailings newer where newer.journey_version_id = mailing.journey_version_id
          and newer.node_id = mailing.node_id and newer.kind = 'journey' and newer.id > mailing.id) as "mayGrow",
      coalesce((select jsonb_object_agg(outcome, total) from mailing_totals where mailing_id = mailing.id), '{}') as totals
    from mailings mailing join messages message on message.id = mailing.message_id
      left join journeys journey on journey.id = mailing.journey_id
    where ${where} ${tail}`;
}

/** Mailings, newest first, with one more than asked for to see whether there are more. */
export function listMailings(
  db: Queries,
  page: {
    readonly before: string | undefined;
    readonly limit: number;
    readonly messageId: string | undefined;
    readonly journeyId: string | undefined;
    readonly tests: boolean;
  },
): Promise<MailingRow[]> {
  const conditions = [
    ...(page.before === undefined ? [] : [sql`mailing.id < ${page.before}`]),
    ...(page.messageId === undefined ? [] : [sql`mailing.message_id = ${page.messageId}`]),
    ...(page.journeyId === undefined ? [] : [sql`mailing.journey_id = ${page.journeyId}`]),
    ...(page.tests ? [] : [sql`mailing.kind <> 'test'`]),
  ];
  return db.rows<MailingRow>(
    selectMailings(
      joinSql(conditions, " and ", sql`true`),
      sql`order by mailing.id desc limit ${page.limit + 1}`,
    ),
  );
}

export function findMailing(db: Queries, id: string): Promise<MailingRow | undefined> {
  return db.first<MailingRow>(selectMailings(sql`mailing.id = ${id}`, sql``));
}

export type DeliveryRow = {
  readonly deliveryId: string;
  readonly mailingId: string;
  readonly messageId: string;
  readonly messageName: string;
  readonly contactId: string;
  readonly visitId: string;
  readonly address: string;
  readonly state: Outcome | "queued" | "put-off";
  readonly reason: string | null;
  readonly smtpCode: number | null;
  readonly enhancedCode: string | null;
  readonly reply: string | null;
  readonly attempts: number;
  readonly doubts: number;
  readonly nextAttemptAt: Date | null;
  readonly at: Date | null;
};

const loggedColumns = sql`
  log.delivery_id as "deliveryId", log.mailing_id as "mailingId", mailing.message_id as "messageId", message.name as "messageName",
  log.contact_id as "contactId", log.visit_id as "visitId", log.address, log.outcome as state, log.reason,
  log.smtp_code as "smtpCode", log.enhanced as "enhancedCode", log.reply, log.attempts, log.doubts,
  null::timestamptz as "nextAttemptAt", log.at`;

/** Deliveries of one mailing that have a fate, in the order of the primary key. */
export function listLogged(
  db: Queries,
  page: {
    readonly mailingId: string;
    readonly outcome: Outcome | undefined;
    readonly after: readonly [contactId: string, visitId: string] | undefined;
    readonly limit: number;
  },
): Promise<DeliveryRow[]> {
  const { after } = page;
  return db.rows<DeliveryRow>(sql`
    select ${loggedColumns}
    from delivery_log log join mailings mailing on mailing.id = log.mailing_id join messages message on message.id = mailing.message_id
    where log.mailing_id = ${page.mailingId} and ${page.outcome ? sql`log.outcome = ${page.outcome}` : sql`true`}
      and ${after ? sql`(log.contact_id, log.visit_id) > (${after[0]}::bigint, ${after[1]}::bigint)` : sql`true`}
    order by log.contact_id, log.visit_id limit ${page.limit + 1}`);
}

/** Deliveries in doubt, of all mailings or one. */
export function listInDoubt(
  db: Queries,
  page: {
    readonly mailingId: string | undefined;
    readonly before: readonly [string, string] | undefined;
    readonly limit: number;
  },
): Promise<DeliveryRow[]> {
  const { before } = page;
  return db.rows<DeliveryRow>(sql`
    select ${loggedColumns}
    from delivery_log log join mailings mailing on mailing.id = log.mailing_id join messages message on message.id = mailing.message_id
    where log.outcome = 'in-doubt' and ${page.mailingId ? sql`log.mailing_id = ${page.mailingId}` : sql`true`}
      and ${before ? sql`(log.mailing_id, log.delivery_id) < (${before[0]}::bigint, ${before[1]}::bigint)` : sql`true`}
    order by log.mailing_id desc, log.delivery_id desc limit ${page.limit + 1}`);
}

/** One delivery wherever it stands: queued, put off, or with its fate. */
export function findDelivery(db: Queries, deliveryId: string): Promise<DeliveryRow | undefined> {
  const { chunkId, place } = placeOf(deliveryId);
  return db.first<DeliveryRow>(sql`
    with one as (
      select ${deliveryId}::bigint as delivery_id, mailing_id, contact_ids[${place + 1}::int] as contact_id,
        visit_ids[${place + 1}::int] as visit_id, recipients -> ${place}::int ->> 'address' as given_address
      from delivery_chunks where id = ${chunkId}::bigint and ${place}::int < size
    )
    select one.delivery_id as "deliveryId", one.mailing_id as "mailingId", mailing.message_id as "messageId",
      message.name as "messageName", one.contact_id as "contactId", one.visit_id as "visitId",
      coalesce(log.address, retry.address, one.given_address, contact.email, '') as address,
      case when log.outcome is not null then log.outcome when retry.delivery_id is not null then 'put-off' else 'queued' end as state,
      log.reason, coalesce(log.smtp_code, retry.last_code) as "smtpCode", coalesce(log.enhanced, retry.last_enhanced) as "enhancedCode",
      coalesce(log.reply, retry.last_reply) as reply, coalesce(log.attempts, retry.attempts, 0) as attempts,
      coalesce(log.doubts, retry.doubts, 0) as doubts, retry.next_at as "nextAttemptAt", log.at
    from one join mailings mailing on mailing.id = one.mailing_id join messages message on message.id = mailing.message_id
      left join delivery_log log on log.mailing_id = one.mailing_id and log.contact_id = one.contact_id
        and log.visit_id = one.visit_id and log.delivery_id = one.delivery_id
      left join delivery_retries retry on retry.delivery_id = one.delivery_id
      left join contacts contact on contact.id = one.contact_id`);
}

/** How much waits in the whole workspace. */
export async function countWaiting(db: Queries): Promise<{ queued: number; inDoubt: number }> {
  const row = await db.first<{ queued: number; in_doubt: number }>(sql`
    select coalesce(sum(case when outcome = 'queued' then total else -total end) filter (where state = 'running'), 0)::float8 as queued,
      coalesce(sum(total) filter (where outcome = 'in-doubt'), 0)::float8 as in_doubt
    from mailing_totals join mailings on mailings.id = mailing_id`);
  return { queued: row?.queued ?? 0, inDoubt: row?.in_doubt ?? 0 };
}

export type TroubleRow = {
  readonly routeId: string;
  readonly routeName: string;
  readonly phase: string;
  readonly message: string;
  readonly since: Date;
  readonly retryAt: Date;
};

export function listTroubles(db: Queries): Promise<TroubleRow[]> {
  return db.rows<TroubleRow>(sql`
    select route.id as "routeId", route.name as "routeName", phase, message, since, retry_at as "retryAt"
    from route_troubles join routes route on route.id = route_id order by route.id`);
}

export type HeldRow = {
  readonly mailingId: string;
  readonly messageName: string;
  readonly journeyId: string | null;
  readonly journeyName: string | null;
  readonly isPaused: boolean;
  readonly isTripped: boolean;
  readonly reason: string;
  readonly queued: number;
  readonly lateMessages: number | null;
  readonly plannedFrom: Date | null;
  readonly plannedTo: Date | null;
};

/**
 * Mailings that need a person: paused for a reason of their own, with an alarm, or with late deliveries; of one journey or all. What only
 * waits for its journey does not.
 */
export function listHeld(db: Queries, journeyId: string | undefined): Promise<HeldRow[]> {
  return db.rows<HeldRow>(sql`
    with late as (
      select mailing_id, sum(size - intended + cardinality(returned))::float8 as messages, min(planned_at) as first_at, max(planned_at) as last_at
      from delivery_chunks where late = 'held' and finished_at is null group by mailing_id
    )
    select mailing.id as "mailingId", message.name as "messageName", mailing.journey_id as "journeyId", journey.name as "journeyName",
      mailing.state = 'paused' and mailing.pause_reason is distinct from 'journey-paused' as "isPaused", mailing.is_tripped as "isTripped",
      coalesce(nullif(mailing.pause_reason, 'journey-paused'), breaker.alarm, '') as reason,
      (select coalesce(sum(case when outcome = 'queued' then total else -total end), 0)::float8
       from mailing_totals where mailing_id = mailing.id) as queued,
      late.messages as "lateMessages", late.first_at as "plannedFrom", late.last_at as "plannedTo"
    from mailings mailing join messages message on message.id = mailing.message_id
      left join journeys journey on journey.id = mailing.journey_id
      left join mailing_breakers breaker on breaker.mailing_id = mailing.id
      left join late on late.mailing_id = mailing.id
    where ((mailing.state = 'paused' and mailing.pause_reason is distinct from 'journey-paused')
        or (mailing.state = 'running' and breaker.alarm is not null)
        or (mailing.state <> 'cancelled' and late.mailing_id is not null))
      and ${journeyId === undefined ? sql`true` : sql`mailing.journey_id = ${journeyId}`}
    order by mailing.id desc limit 50`);
}
