import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { checkInboxPage, eventPage } from "#core/pages/event-pages.ts";
import { judgeForm } from "#core/pages/form-guard.ts";
import { readToken } from "#core/tracking/tokens.ts";
import { recordConsent } from "../consent/index.ts";
import { ensureContact } from "../contacts/index.ts";
import { sendPage, visitorOf } from "../tracking/index.ts";
import type { PageDeps } from "./apply-opt-outs.ts";
import { type EventRow, findEvent, findEventBySlug } from "./event-store.ts";
import { postLimit } from "./page-scope.ts";
import { formFields, parseAddress, signMade, tracesOf } from "./page-visit.ts";
import { registerForEvent } from "./register-for-event.ts";
import { registrationUrl, toPublic, unknownEventPage } from "./registration-routes.ts";
import { findPageSettings, findRecipient, type Recipient } from "./store.ts";

type EventVisit = { Params: { slug: string }; Querystring: { c?: string | string[] } };
type Fields = Readonly<Record<string, string>>;

/** What `/e/:slug?c=<read>` proves: the contact whose message led here, and by which delivery. */
type KnownVisitor = { readonly contactId: string; readonly email: string; readonly deliveryId: string };

/** Binds the page of an event, on which people register. */
export function bindEventPageRoutes(scope: FastifyInstance, deps: PageDeps): void {
  const { db, clock } = deps.platform;
  scope.get<EventVisit>("/e/:slug", async (request, reply) => {
    const event = await findEventBySlug(db, request.params.slug);
    if (!event || event.state === "draft") return unknownEventPage(reply);
    const known = await knownVisitor(deps, request);
    return showEvent(deps, request, reply, { event, known, status: 200, fields: {}, problems: {} });
  });

  scope.post<EventVisit>("/e/:slug", postLimit, async (request, reply) => {
    const event = await findEventBySlug(db, request.params.slug);
    if (!event || event.state === "draft") return unknownEventPage(reply);
    const known = await knownVisitor(deps, request);
    const fields = formFields(request.body);
    const traces = tracesOf(deps.tracking.keys, `event/${event.id}`, fields);
    const verdict = judgeForm(traces, clock.now());
    const { theme } = await findPageSettings(db, event.contentSettingsId);
    if (verdict === "program") return sendPage(reply, 200, checkInboxPage(theme, toPublic(event)));
    // Whoever came by a message is no program, and one press of a button may be quick.
    const mustRepeat = verdict === "stale" || (verdict === "too-quick" && !known);
    const address = known ? parseAddress(known.email) : parseAddress(fields.email ?? "");
    const problems: Record<string, string> = {};
    if (mustRepeat) problems[""] = "Please look over your entries and send them once more.";
    if (!address) problems.email = "Enter the email address you want to register with.";
    if (!address || mustRepeat)
      return showEvent(deps, request, reply, { event, known, status: 400, fields, problems });
    return register(deps, request, reply, { event, known, fields, address });
  });
}

async function register(
  deps: PageDeps,
  request: FastifyRequest<EventVisit>,
  reply: FastifyReply,
  given: {
    event: EventRow;
    known: KnownVisitor | undefined;
    fields: Fields;
    address: { readonly email: string; readonly key: string };
  },
): Promise<FastifyReply> {
  const { event, known, fields, address } = given;
  const { db, news } = deps.platform;
  const { ip, userAgent } = visitorOf(request);
  const registered = await db.transaction(async (tx) => {
    const contactId =
      known?.contactId ??
      (
        await ensureContact(tx, {
          email: address.email,
          firstName: nameFrom(fields.first_name),
          lastName: nameFrom(fields.last_name),
        })
      ).id;
    const outcome = await registerForEvent(deps, tx, {
      eventId: event.id,
      contactId,
      visit: { ip, userAgent, ...(known ? { deliveryId: known.deliveryId } : {}) },
    });
    if (outcome !== "closed" && fields.consent === "on" && event.topicId !== null)
      await recordConsent(news, tx, [
        {
          addressKey: address.key,
          topicId: event.topicId,
          kind: "granted",
          source: "event",
          wording: `Also email me about ${event.topicName ?? ""}`,
          ip,
          userAgent,
          deliveryId: known?.deliveryId ?? null,
        },
      ]);
    return outcome;
  });
  const { theme } = await findPageSettings(db, event.contentSettingsId);
  if (registered === "closed") {
    const now = (await findEvent(db, event.id)) ?? event;
    return showEvent(deps, request, reply, { event: now, known, status: 409, fields, problems: {} });
  }
  // Somebody typed an address that is registered already: nothing is told, and its registration stays out of reach.
  if (!registered.isNew && !known) return sendPage(reply, 200, checkInboxPage(theme, toPublic(event)));
  return reply.redirect(registrationUrl(deps, registered.registrationId), 303);
}

/** The contact behind `?c=`, the read token of a message they got. A wrong one, or that of a test, is nobody's. */
async function knownVisitor(
  deps: PageDeps,
  request: FastifyRequest<EventVisit>,
): Promise<KnownVisitor | undefined> {
  const { c } = request.query;
  const token = typeof c === "string" ? readToken(c, "read", deps.tracking.keys.trustedMac) : undefined;
  const recipient: Recipient | undefined = token && (await findRecipient(deps.platform.db, token.deliveryId));
  if (!recipient?.contactId || recipient.contactEmail === null || recipient.mailingKind === "test")
    return undefined;
  const { contactId, contactEmail, deliveryId } = recipient;
  return { contactId, email: contactEmail, deliveryId };
}

async function showEvent(
  deps: PageDeps,
  request: FastifyRequest<EventVisit>,
  reply: FastifyReply,
  shown: {
    event: EventRow;
    known: KnownVisitor | undefined;
    status: number;
    fields: Fields;
    problems: Fields;
  },
): Promise<FastifyReply> {
  const { event, known, status, fields, problems } = shown;
  const { db, clock } = deps.platform;
  const { theme } = await findPageSettings(db, event.contentSettingsId);
  const query = known && typeof request.query.c === "string" ? `?c=${request.query.c}` : "";
  return sendPage(
    reply,
    status,
    eventPage({
      theme,
      event: toPublic(event),
      actionUrl: `/e/${event.slug}${query}`,
      made: signMade(deps.tracking.keys, `event/${event.id}`, clock.now()),
      knownAddress: known?.email ?? null,
      fields,
      problems,
    }),
  );
}

function nameFrom(text: string | undefined): string | null {
  const name = (text ?? "")
    .replace(/\p{Cc}/gu, "")
    .trim()
    .slice(0, 100);
  return name === "" ? null : name;
}
