import { movingUp, placeFor } from "#core/pages/event-lifecycle.ts";
import { type Platform, sql, type Transaction } from "../platform/index.ts";
import { newHitId, type Tracking } from "../tracking/index.ts";

type Deps = { readonly platform: Platform; readonly tracking: Tracking };

/** Where an interaction came from, as far as the page knows. */
export type Visit = { readonly ip: string; readonly userAgent: string; readonly deliveryId?: string };

export type Registered = {
  readonly registrationId: string;
  readonly state: "registered" | "waiting";
  /** False if the contact was registered or waiting already. */
  readonly isNew: boolean;
};

type LockedEvent = {
  readonly capacity: number | null;
  readonly state: string;
  readonly registered: number;
  readonly waiting: number;
};

/** Takes the event's row for this transaction: one registration at a time, so that no place is given twice. [E3] */
async function lockEvent(tx: Transaction, eventId: string): Promise<LockedEvent | undefined> {
  await tx.run(sql`select from events where id = ${eventId} for update`);
  // A statement of its own, so that it sees what the one before us committed.
  return tx.first<LockedEvent>(sql`
    select capacity, state,
           (select count(*)::integer from registrations where event_id = event.id and state = 'registered') as registered,
           (select count(*)::integer from registrations where event_id = event.id and state = 'waiting') as waiting
    from events event where id = ${eventId}`);
}

/** Registers a contact, or puts them on the waiting list; "closed" unless the event takes registrations. */
export async function registerForEvent(
  deps: Deps,
  tx: Transaction,
  given: { readonly eventId: string; readonly contactId: string; readonly visit: Visit },
): Promise<Registered | "closed"> {
  const { eventId, contactId, visit } = given;
  const event = await lockEvent(tx, eventId);
  if (event?.state !== "open") return "closed";
  const known = await tx.first<{ id: string; state: "registered" | "waiting" | "cancelled" }>(
    sql`select id, state from registrations where event_id = ${eventId} and contact_id = ${contactId}`,
  );
  if (known && known.state !== "cancelled")
    return { registrationId: known.id, state: known.state, isNew: false };
  // Who waits comes before who arrives.
  const state = event.waiting > 0 ? "waiting" : placeFor(event.capacity, event.registered);
  const now = deps.platform.clock.now();
  const row = await tx.first<{ id: string }>(sql`
    insert into registrations (event_id, contact_id, state, registered_at)
    values (${eventId}, ${contactId}, ${state}, ${now})
    on conflict (event_id, contact_id)
      do update set state = excluded.state, registered_at = excluded.registered_at, cancelled_at = null
    returning id`);
  if (!row) throw new Error("The registration was not written");
  const kind = state === "registered" ? "registered" : "registration-waiting";
  await noteAll(deps, tx, kind, eventId, [contactId], visit);
  return { registrationId: row.id, state, isNew: true };
}

/** Cancels a registration and gives the place to whoever waits longest. Nothing happens the second time. */
export async function cancelRegistration(
  deps: Deps,
  tx: Transaction,
  given: { readonly registrationId: string; readonly eventId: string; readonly visit: Visit },
): Promise<void> {
  const event = await lockEvent(tx, given.eventId);
  const cancelled = await tx.first<{ contact_id: string }>(sql`
    update registrations set state = 'cancelled', cancelled_at = ${deps.platform.clock.now()}
    where id = ${given.registrationId} and event_id = ${given.eventId} and state <> 'cancelled' returning contact_id`);
  if (!event || !cancelled) return;
  await noteAll(deps, tx, "registration-cancelled", given.eventId, [cancelled.contact_id], given.visit);
  await moveUp(deps, tx, given.eventId);
}

/** [E4] Moves those up who wait longest, as far as there are places. Returns how many. */
export async function moveUp(deps: Deps, tx: Transaction, eventId: string): Promise<number> {
  const event = await lockEvent(tx, eventId);
  if (!event || event.state === "cancelled") return 0;
  const count = movingUp(event.capacity, event.registered, event.waiting);
  const moved = await tx.rows<{ contact_id: string }>(sql`
    update registrations set state = 'registered' where id in (
      select id from registrations where event_id = ${eventId} and state = 'waiting'
      order by registered_at, id limit ${count})
    returning contact_id`);
  const contactIds = moved.map(({ contact_id }) => contact_id);
  await noteAll(deps, tx, "registered", eventId, contactIds, undefined);
  return moved.length;
}

/** Writes the interactions by which journeys and segments hear of it. */
async function noteAll(
  deps: Deps,
  tx: Transaction,
  kind: "registered" | "registration-waiting" | "registration-cancelled",
  eventId: string,
  contactIds: readonly string[],
  visit: Visit | undefined,
): Promise<void> {
  const at = deps.platform.clock.now();
  await deps.tracking.recordInteractions(
    tx,
    contactIds.map((contactId) => ({ hitId: newHitId(at), kind, at, eventId, contactId, ...visit })),
  );
}
