import type { EventState } from "#core/pages/event-lifecycle.ts";
import { type Queries, type Sql, sql } from "../platform/index.ts";

/** An event with its numbers. Ids are row numbers. */
export type EventRow = {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly place: string;
  readonly onlineUrl: string;
  readonly capacity: number | null;
  readonly topicId: string | null;
  readonly topicName: string | null;
  readonly contentSettingsId: string | null;
  readonly state: EventState;
  readonly updatedAt: Date;
  readonly registered: number;
  readonly waiting: number;
  readonly cancelled: number;
};

const countOf = (state: string) => sql`
  (select count(*)::integer from registrations where event_id = event.id and state = ${state})`;

const selectEvents = sql`
  select event.id, event.slug, event.name, event.description, event.starts_at as "startsAt", event.ends_at as "endsAt",
         event.time_zone as "timeZone", event.place, event.online_url as "onlineUrl", event.capacity,
         event.topic_id as "topicId", topic.name as "topicName",
         event.content_settings_id as "contentSettingsId", event.state, event.updated_at as "updatedAt",
         ${countOf("registered")} as registered, ${countOf("waiting")} as waiting, ${countOf("cancelled")} as cancelled
  from events event left join topics topic on topic.id = event.topic_id`;

/** The event with this row number. */
export function findEvent(db: Queries, id: string): Promise<EventRow | undefined> {
  return db.first<EventRow>(sql`${selectEvents} where event.id = ${id}`);
}

/** The event with this page address. */
export function findEventBySlug(db: Queries, slug: string): Promise<EventRow | undefined> {
  return db.first<EventRow>(sql`${selectEvents} where event.slug = ${slug}`);
}

/** Events from the latest on, `limit` of them. */
export function listEvents(
  db: Queries,
  given: {
    readonly search: string;
    readonly after: readonly [string, string] | undefined;
    readonly limit: number;
  },
): Promise<EventRow[]> {
  const after: Sql = given.after
    ? sql`and (event.starts_at, event.id) < (${given.after[0]}::timestamptz, ${given.after[1]}::bigint)`
    : sql``;
  return db.rows<EventRow>(sql`
    ${selectEvents}
    where (${given.search} = '' or strpos(lower(event.name), lower(${given.search})) > 0) ${after}
    order by event.starts_at desc, event.id desc limit ${given.limit}`);
}

export type EventFields = {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly place: string;
  readonly onlineUrl: string;
  readonly capacity: number | null;
  readonly topicId: string | null;
  readonly contentSettingsId: string | null;
};

/** Adds a draft; undefined if the page address is taken. */
export async function insertEvent(db: Queries, fields: EventFields): Promise<string | undefined> {
  const row = await db.first<{ id: string }>(sql`
    insert into events (slug, name, description, starts_at, ends_at, time_zone, place, online_url, capacity, topic_id,
                        content_settings_id)
    values (${fields.slug}, ${fields.name}, ${fields.description}, ${fields.startsAt}, ${fields.endsAt},
            ${fields.timeZone}, ${fields.place}, ${fields.onlineUrl}, ${fields.capacity}, ${fields.topicId},
            ${fields.contentSettingsId})
    on conflict (slug) do nothing returning id`);
  return row?.id;
}

/** Writes all fields of an event. */
export async function updateEvent(db: Queries, id: string, fields: EventFields): Promise<void> {
  await db.run(sql`
    update events set slug = ${fields.slug}, name = ${fields.name}, description = ${fields.description},
      starts_at = ${fields.startsAt}, ends_at = ${fields.endsAt}, time_zone = ${fields.timeZone},
      place = ${fields.place}, online_url = ${fields.onlineUrl}, capacity = ${fields.capacity},
      topic_id = ${fields.topicId}, content_settings_id = ${fields.contentSettingsId}, updated_at = now()
    where id = ${id}`);
}

export type RegistrationRow = {
  readonly id: string;
  readonly eventId: string;
  readonly contactId: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly state: "registered" | "waiting" | "cancelled";
  readonly registeredAt: Date;
  readonly cancelledAt: Date | null;
};

const selectRegistrations = sql`
  select registration.id, registration.event_id as "eventId", registration.contact_id as "contactId",
         person.email, person.first_name as "firstName", person.last_name as "lastName", registration.state,
         registration.registered_at as "registeredAt", registration.cancelled_at as "cancelledAt"
  from registrations registration join contacts person on person.id = registration.contact_id`;

/** One registration by its row number. */
export function findRegistration(db: Queries, id: string): Promise<RegistrationRow | undefined> {
  return db.first<RegistrationRow>(sql`${selectRegistrations} where registration.id = ${id}`);
}

/** Registrations of an event from the first on, `limit` of them. */
export function listRegistrations(
  db: Queries,
  given: {
    readonly eventId: string;
    readonly state: string | null;
    readonly afterId: string | undefined;
    readonly limit: number;
  },
): Promise<RegistrationRow[]> {
  return db.rows<RegistrationRow>(sql`
    ${selectRegistrations}
    where registration.event_id = ${given.eventId} and registration.id > ${given.afterId ?? "0"}
      and (${given.state}::text is null or registration.state = ${given.state})
    order by registration.id limit ${given.limit}`);
}
