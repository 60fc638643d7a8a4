import { randomBytes } from "node:crypto";
import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { toId } from "#core/kernel/ids.ts";
import { type EventAction, moveEvent } from "#core/pages/event-lifecycle.ts";
import { audit } from "../access/index.ts";
import { type Platform, type Queries, sql } from "../platform/index.ts";
import type { Tracking } from "../tracking/index.ts";
import {
  type EventFields,
  type EventRow,
  findEvent,
  findEventBySlug,
  insertEvent,
  updateEvent,
} from "./event-store.ts";
import { moveUp } from "./register-for-event.ts";

type Deps = { readonly platform: Platform; readonly tracking: Tracking };

/** The event with this row number, or a refusal. */
export async function getEvent(db: Queries, id: string): Promise<EventRow> {
  return (await findEvent(db, id)) ?? refuse("events.not-found");
}

/** A page address from a name: readable, and free. */
async function freeSlug(db: Queries, name: string): Promise<string> {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  const slug = words === "" ? "event" : words;
  return (await findEventBySlug(db, slug)) ? `${slug}-${randomBytes(3).toString("hex")}` : slug;
}

/** Refuses fields that contradict each other or name what does not exist. */
async function checkFields(db: Queries, fields: EventFields): Promise<void> {
  if (fields.endsAt < fields.startsAt) refuse("events.ends-before-start");
  const missing = await db.first(sql`
    select where ${fields.topicId}::bigint is not null and not exists (select from topics where id = ${fields.topicId})
       or ${fields.contentSettingsId}::bigint is not null
          and not exists (select from content_settings where id = ${fields.contentSettingsId})`);
  if (missing) refuse("events.reference-not-found");
}

/** Adds an event as a draft. */
export async function addEvent(
  { platform }: Deps,
  actor: Actor,
  fields: Omit<EventFields, "slug"> & { readonly slug: string | undefined },
): Promise<EventRow> {
  return platform.db.transaction(async (tx) => {
    const given = { ...fields, slug: fields.slug ?? (await freeSlug(tx, fields.name)) };
    await checkFields(tx, given);
    const id = (await insertEvent(tx, given)) ?? refuse("events.slug-taken");
    await audit(tx, actor, {
      action: "event.created",
      subjectKind: "event",
      subjectId: toId("event", id),
      details: { name: given.name },
    });
    return getEvent(tx, id);
  });
}

/** Changes the fields that are given. */
export async function changeEvent(
  deps: Deps,
  actor: Actor,
  id: string,
  change: Partial<EventFields>,
): Promise<EventRow> {
  return deps.platform.db.transaction(async (tx) => {
    await tx.run(sql`select from events where id = ${id} for update`);
    const before = await getEvent(tx, id);
    const fields: EventFields = { ...before, ...change };
    await checkFields(tx, fields);
    const holder = await findEventBySlug(tx, fields.slug);
    if (holder && holder.id !== id) refuse("events.slug-taken");
    await updateEvent(tx, id, fields);
    await moveUp(deps, tx, id);
    await audit(tx, actor, {
      action: "event.changed",
      subjectKind: "event",
      subjectId: toId("event", id),
      details: { fields: Object.keys(change) },
    });
    return getEvent(tx, id);
  });
}

/** Opens, closes or cancels an event, where its state allows that. [E1] */
export async function actOnEvent(
  deps: Deps,
  actor: Actor,
  id: string,
  action: EventAction,
): Promise<EventRow> {
  const pastTense = { open: "event.opened", close: "event.closed", cancel: "event.cancelled" } as const;
  return deps.platform.db.transaction(async (tx) => {
    await tx.run(sql`select from events where id = ${id} for update`);
    const { state } = await getEvent(tx, id);
    const next = moveEvent(state, action) ?? refuse("events.wrong-state", { state });
    await tx.run(sql`update events set state = ${next}, updated_at = now() where id = ${id}`);
    await audit(tx, actor, {
      action: pastTense[action],
      subjectKind: "event",
      subjectId: toId("event", id),
    });
    return getEvent(tx, id);
  });
}

/** Deletes a draft that nobody registered for. */
export async function deleteEvent({ platform }: Deps, actor: Actor, id: string): Promise<void> {
  await platform.db.transaction(async (tx) => {
    await tx.run(sql`select from events where id = ${id} for update`);
    const event = await getEvent(tx, id);
    if (event.state !== "draft" || event.registered + event.waiting + event.cancelled > 0)
      refuse("events.in-use");
    await tx.run(sql`delete from events where id = ${id}`);
    await audit(tx, actor, {
      action: "event.deleted",
      subjectKind: "event",
      subjectId: toId("event", id),
      details: { name: event.name },
    });
  });
}
