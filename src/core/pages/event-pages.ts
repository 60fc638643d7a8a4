import { eventTimes } from "./event-times.ts";
import { choice, guardFields, notice, textField } from "./form-fields.ts";
import { type Html, html } from "./html.ts";
import { maskAddress } from "./mask-address.ts";
import { pageLayout } from "./page-layout.ts";
import type { PageTheme } from "./theme.ts";

/** An event as its visitors see it. */
export type PublicEvent = {
  readonly name: string;
  readonly description: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly place: string;
  readonly state: "draft" | "open" | "closed" | "cancelled";
  /** Null: no limit. */
  readonly placesLeft: number | null;
  readonly topicName: string | null;
};

export type RegistrationForm = {
  readonly theme: PageTheme;
  readonly event: PublicEvent;
  readonly actionUrl: string;
  readonly made: string;
  /** The contact whose email led here: one button is enough. */
  readonly knownAddress: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly problems: Readonly<Record<string, string>>;
};

function eventFacts(event: PublicEvent): Html {
  return html`<dl>
<dt>When</dt><dd>${eventTimes(event)}</dd>
${event.place !== "" && html`<dt>Where</dt><dd>${event.place}</dd>`}
</dl>`;
}

function consentBox(topicName: string | null): Html | false {
  return (
    topicName !== null &&
    choice({
      name: "consent",
      title: `Also email me about ${topicName}`,
      text: "Optional. You can stop it at any time.",
      isChecked: false,
    })
  );
}

/** The registration page of an event: the form, or why there is none. */
export function eventPage(form: RegistrationForm): string {
  const { theme, event, problems } = form;
  const own = problems[""];
  return pageLayout({
    title: event.name,
    theme,
    body: html`<h1>${event.name}</h1>
${eventFacts(event)}
${event.description !== "" && html`<p class="text">${event.description}</p>`}
${own && notice("bad", own)}
${event.state === "open" ? registrationForm(form) : closedNotice(event)}`,
  });
}

function closedNotice(event: PublicEvent): Html {
  if (event.state === "cancelled") return notice("bad", "This event was cancelled.");
  return notice("bad", "Registration is closed.");
}

function registrationForm(form: RegistrationForm): Html {
  const { event, actionUrl, made, knownAddress, fields, problems } = form;
  const isFull = event.placesLeft !== null && event.placesLeft <= 0;
  const label = isFull ? "Join the waiting list" : "Register";
  return html`${isFull && notice("good", "All places are taken.", "Join the waiting list: you move up when a place gets free.")}
<form method="post" action="${actionUrl}">
${guardFields(made)}
${
  knownAddress !== null
    ? html`<p>You register as <b>${maskAddress(knownAddress)}</b>.</p>`
    : html`${textField({ name: "email", label: "Email", type: "email", value: fields.email ?? "", autocomplete: "email", isRequired: true, problem: problems.email })}
<div class="pair">
${textField({ name: "first_name", label: "First name", value: fields.first_name ?? "", autocomplete: "given-name" })}
${textField({ name: "last_name", label: "Last name", value: fields.last_name ?? "", autocomplete: "family-name" })}
</div>`
}
${consentBox(event.topicName)}
<button type="submit">${label}</button>
</form>`;
}

/** What a person sees after registering, and the place from which to cancel. */
export function registrationPage(page: {
  readonly theme: PageTheme;
  readonly event: PublicEvent;
  readonly state: "registered" | "waiting" | "cancelled";
  readonly onlineUrl: string;
  readonly calendarUrl: string;
  readonly cancelUrl: string;
}): string {
  const { theme, event, state, onlineUrl, calendarUrl, cancelUrl } = page;
  const title = {
    registered: "You are registered",
    waiting: "You are on the waiting list",
    cancelled: "Your registration is cancelled",
  }[state];
  return pageLayout({
    title,
    theme,
    body: html`<h1>${title}</h1>
<p><b>${event.name}</b></p>
${eventFacts(event)}
${event.state === "cancelled" && notice("bad", "This event was cancelled.")}
${state === "registered" && onlineUrl !== "" && html`<p><a href="${onlineUrl}">Join online</a></p>`}
${state === "waiting" && html`<p>You move up by yourself when a place gets free.</p>`}
${
  state !== "cancelled" &&
  html`<p class="row">${state === "registered" && html`<a class="button" href="${calendarUrl}">Add to calendar</a>`}
<a class="button plain" href="${cancelUrl}">Cancel registration</a></p>`
}`,
  });
}

/** Asks before cancelling, because a GET changes nothing. */
export function cancelRegistrationPage(page: {
  readonly theme: PageTheme;
  readonly event: PublicEvent;
  readonly actionUrl: string;
  readonly backUrl: string;
}): string {
  const title = "Cancel your registration?";
  return pageLayout({
    title,
    theme: page.theme,
    body: html`<h1>${title}</h1>
<p><b>${page.event.name}</b></p>
${eventFacts(page.event)}
<form method="post" action="${page.actionUrl}" class="row">
<button type="submit">Cancel my registration</button>
<a class="button plain" href="${page.backUrl}">Keep it</a>
</form>`,
  });
}

/** Shown when a program filled in the form, or when the address is already registered: nothing is told about others. */
export function checkInboxPage(theme: PageTheme, event: PublicEvent): string {
  return pageLayout({
    title: "Thank you",
    theme,
    body: html`<h1>Thank you</h1><p>We have taken your registration for <b>${event.name}</b>.</p>${eventFacts(event)}`,
  });
}
