import { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { type EventSummary, eventRoutes, type MarketingEvent, type Registration } from "#contract/events.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { readCursor, rowCursor, toPage } from "../platform/http/cursor.ts";
import type { Http } from "../platform/http/implement.ts";
import type { Platform } from "../platform/index.ts";
import type { Tracking } from "../tracking/index.ts";
import { actOnEvent, addEvent, changeEvent, deleteEvent, getEvent } from "./change-event.ts";
import {
  type EventFields,
  type EventRow,
  listEvents,
  listRegistrations,
  type RegistrationRow,
} from "./event-store.ts";

const startCursor = z.tuple([z.iso.datetime(), z.string().regex(/^[0-9]{1,19}$/)]);

function presentSummary(event: EventRow): EventSummary {
  return {
    id: toId("event", event.id),
    name: event.name,
    slug: event.slug,
    state: event.state,
    startsAt: event.startsAt.toISOString(),
    endsAt: event.endsAt.toISOString(),
    timeZone: event.timeZone,
    capacity: event.capacity,
    registered: event.registered,
    waiting: event.waiting,
  };
}

function presentEvent(event: EventRow, publicUrl: string): MarketingEvent {
  return {
    ...presentSummary(event),
    description: event.description,
    place: event.place,
    onlineUrl: event.onlineUrl,
    topicId: event.topicId && toId("topic", event.topicId),
    contentSettingsId: event.contentSettingsId && toId("contentSettings", event.contentSettingsId),
    cancelled: event.cancelled,
    pageUrl: `${publicUrl}/e/${event.slug}`,
    updatedAt: event.updatedAt.toISOString(),
  };
}

function presentRegistration(row: RegistrationRow): Registration {
  return {
    id: toId("registration", row.id),
    contactId: toId("contact", row.contactId),
    email: row.email,
    firstName: row.firstName,
    lastName: row.lastName,
    state: row.state,
    registeredAt: row.registeredAt.toISOString(),
    cancelledAt: row.cancelledAt?.toISOString() ?? null,
  };
}

type Given = Omit<Partial<EventFields>, "startsAt" | "endsAt" | "topicId" | "contentSettingsId"> & {
  readonly startsAt?: string | undefined;
  readonly endsAt?: string | undefined;
  readonly topicId?: string | null | undefined;
  readonly contentSettingsId?: string | null | undefined;
};

const rowOf = (kind: "topic" | "contentSettings", id: string | null) =>
  id === null ? null : (fromId(kind, id) ?? refuse("events.reference-not-found"));

/** Binds the events API. */
export function bindEventRoutes(
  http: Http,
  deps: { readonly platform: Platform; readonly tracking: Tracking },
): void {
  const { db, config } = deps.platform;
  const idOf = (id: string) => fromId("event", id) ?? refuse("events.not-found");
  const present = (event: EventRow) => presentEvent(event, config.publicUrl);

  http.implement(eventRoutes.list, async ({ query }) => {
    const after = readCursor(query.cursor, startCursor);
    const rows = await listEvents(db, { search: query.search ?? "", after, limit: query.limit + 1 });
    return toPage(rows, query.limit, (event) => [event.startsAt.toISOString(), event.id], presentSummary);
  });
  http.implement(eventRoutes.get, async ({ params }) => present(await getEvent(db, idOf(params.id))));
  http.implement(eventRoutes.create, async ({ body, actor }) =>
    present(
      await addEvent(deps, actor, {
        ...body,
        slug: body.slug,
        startsAt: new Date(body.startsAt),
        endsAt: new Date(body.endsAt),
        topicId: rowOf("topic", body.topicId),
        contentSettingsId: rowOf("contentSettings", body.contentSettingsId),
      }),
    ),
  );
  http.implement(eventRoutes.change, async ({ params, body, actor }) =>
    present(await changeEvent(deps, actor, idOf(params.id), toChange(body))),
  );
  http.implement(eventRoutes.open, async ({ params, actor }) =>
    present(await actOnEvent(deps, actor, idOf(params.id), "open")),
  );
  http.implement(eventRoutes.close, async ({ params, actor }) =>
    present(await actOnEvent(deps, actor, idOf(params.id), "close")),
  );
  http.implement(eventRoutes.cancel, async ({ params, actor }) =>
    present(await actOnEvent(deps, actor, idOf(params.id), "cancel")),
  );
  http.implement(eventRoutes.delete, async ({ params, actor }) => {
    await deleteEvent(deps, actor, idOf(params.id));
    return { done: true as const };
  });
  http.implement(eventRoutes.registrations, async ({ params, query }) => {
    const { id } = await getEvent(db, idOf(params.id));
    const rows = await listRegistrations(db, {
      eventId: id,
      state: query.state ?? null,
      afterId: readCursor(query.cursor, rowCursor)?.[0],
      limit: query.limit + 1,
    });
    return toPage(rows, query.limit, (row) => [row.id], presentRegistration);
  });
}

/** The fields that were given, with times and ids in the form of the store. */
function toChange(given: { readonly [name in keyof Given]?: Given[name] | undefined }): Partial<EventFields> {
  const { startsAt, endsAt, topicId, contentSettingsId, ...rest } = given;
  const texts = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...texts,
    ...(startsAt === undefined ? {} : { startsAt: new Date(startsAt) }),
    ...(endsAt === undefined ? {} : { endsAt: new Date(endsAt) }),
    ...(topicId === undefined ? {} : { topicId: rowOf("topic", topicId) }),
    ...(contentSettingsId === undefined
      ? {}
      : { contentSettingsId: rowOf("contentSettings", contentSettingsId) }),
  };
}
