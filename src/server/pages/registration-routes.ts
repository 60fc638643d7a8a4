import type { FastifyInstance, FastifyReply } from "fastify";
import { toId } from "#core/kernel/ids.ts";
import { calendarFile } from "#core/pages/calendar-file.ts";
import { cancelRegistrationPage, type PublicEvent, registrationPage } from "#core/pages/event-pages.ts";
import { noticePage } from "#core/pages/notice-page.ts";
import { readSignedText, signText } from "#core/tracking/signed-text.ts";
import { sendPage, visitorOf } from "../tracking/index.ts";
import type { PageDeps } from "./apply-opt-outs.ts";
import { type EventRow, findEvent, findRegistration, type RegistrationRow } from "./event-store.ts";
import { postLimit } from "./page-scope.ts";
import { cancelRegistration } from "./register-for-event.ts";
import { findPageSettings } from "./store.ts";

type RegistrationVisit = { Params: { registration: string } };

const registrationPurpose = "registration";

/** Where a registration is looked at and cancelled; whoever has this address may do both. */
export function registrationUrl({ tracking: { keys } }: PageDeps, registrationId: string): string {
  return `/r/${signText(registrationPurpose, registrationId, keys.current(), keys.mac)}`;
}

/** An event as its pages show it. */
export function toPublic(event: EventRow): PublicEvent {
  const { name, description, startsAt, endsAt, timeZone, place, state, topicName, capacity } = event;
  const placesLeft = capacity === null ? null : event.waiting > 0 ? 0 : capacity - event.registered;
  return { name, description, startsAt, endsAt, timeZone, place, state, topicName, placesLeft };
}

/** The answer where there is no such event or registration. */
export function unknownEventPage(reply: FastifyReply): FastifyReply {
  return sendPage(
    reply,
    404,
    noticePage({
      title: "There is no such event",
      text: "Please check the address, or ask who invited you.",
    }),
  );
}

/** Binds a registration's own page, its calendar file, and cancelling it. */
export function bindRegistrationRoutes(scope: FastifyInstance, deps: PageDeps): void {
  const { db, clock, config } = deps.platform;
  scope.get<RegistrationVisit>("/r/:registration", async (request, reply) => {
    const found = await findSigned(deps, request.params.registration);
    if (!found) return unknownEventPage(reply);
    const { event, registration } = found;
    const { theme } = await findPageSettings(db, event.contentSettingsId);
    const url = `/r/${request.params.registration}`;
    return sendPage(
      reply,
      200,
      registrationPage({
        theme,
        event: toPublic(event),
        state: registration.state,
        onlineUrl: event.onlineUrl,
        calendarUrl: `${url}/calendar.ics`,
        cancelUrl: `${url}/cancel`,
      }),
    );
  });

  scope.get<RegistrationVisit>("/r/:registration/calendar.ics", async (request, reply) => {
    const found = await findSigned(deps, request.params.registration);
    if (!found) return unknownEventPage(reply);
    const { event, registration } = found;
    return reply
      .type("text/calendar; charset=utf-8")
      .headers({
        "cache-control": "no-store, private",
        "content-disposition": `attachment; filename="${event.slug}.ics"`,
      })
      .send(
        calendarFile({
          uid: `${toId("event", event.id)}@${new URL(config.publicUrl).hostname}`,
          name: event.name,
          description: event.description,
          place: event.place,
          url: event.onlineUrl === "" ? `${config.publicUrl}/e/${event.slug}` : event.onlineUrl,
          startsAt: event.startsAt,
          endsAt: event.endsAt,
          stampedAt: clock.now(),
          isCancelled: event.state === "cancelled" || registration.state === "cancelled",
        }),
      );
  });

  scope.get<RegistrationVisit>("/r/:registration/cancel", async (request, reply) => {
    const found = await findSigned(deps, request.params.registration);
    if (!found) return unknownEventPage(reply);
    const { theme } = await findPageSettings(db, found.event.contentSettingsId);
    const url = `/r/${request.params.registration}`;
    return sendPage(
      reply,
      200,
      cancelRegistrationPage({
        theme,
        event: toPublic(found.event),
        actionUrl: `${url}/cancel`,
        backUrl: url,
      }),
    );
  });

  scope.post<RegistrationVisit>("/r/:registration/cancel", postLimit, async (request, reply) => {
    const found = await findSigned(deps, request.params.registration);
    if (!found) return unknownEventPage(reply);
    const { ip, userAgent } = visitorOf(request);
    await db.transaction((tx) =>
      cancelRegistration(deps, tx, {
        registrationId: found.registration.id,
        eventId: found.event.id,
        visit: { ip, userAgent },
      }),
    );
    return reply.redirect(`/r/${request.params.registration}`, 303);
  });
}

async function findSigned(
  deps: PageDeps,
  signed: string,
): Promise<{ readonly event: EventRow; readonly registration: RegistrationRow } | undefined> {
  const id = readSignedText(registrationPurpose, signed, deps.tracking.keys.mac);
  const registration = id === undefined ? undefined : await findRegistration(deps.platform.db, id);
  const event = registration && (await findEvent(deps.platform.db, registration.eventId));
  return registration && event && { event, registration };
}
