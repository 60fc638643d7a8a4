import { choice, notice } from "./form-fields.ts";
import { html } from "./html.ts";
import { maskAddress } from "./mask-address.ts";
import { pageLayout } from "./page-layout.ts";
import type { PageTheme } from "./theme.ts";

/** A topic as the subscription centre shows it. Ids are row numbers. */
export type TopicChoice = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly isGranted: boolean;
};

export type SubscriptionCentre = {
  readonly theme: PageTheme;
  readonly intro: string;
  readonly address: string;
  readonly topics: readonly TopicChoice[];
  /** True if no commercial mail at all may be sent. */
  readonly isOptedOut: boolean;
  readonly actionUrl: string;
  /** Set after saving. */
  readonly saved?: "changed" | "unchanged";
};

/** The page on which a contact says what to receive. One form, one button, no questions why. */
export function subscriptionCentrePage(centre: SubscriptionCentre): string {
  const { theme, intro, address, topics, isOptedOut, actionUrl, saved } = centre;
  const title = "Your email preferences";
  const state = isOptedOut
    ? "You will get no more marketing email from us."
    : "You will get the emails that are ticked below.";
  return pageLayout({
    title,
    theme,
    body: html`<h1>${title}</h1>
${saved && notice("good", saved === "changed" ? "Your choice is saved." : "Nothing has changed.", state)}
<p class="soft">For <b>${maskAddress(address)}</b></p>
${intro !== "" && html`<p class="text">${intro}</p>`}
<form method="post" action="${actionUrl}">
${
  topics.length > 0 &&
  html`<fieldset><legend>What would you like to receive?</legend>
${topics.map((topic) => [
  html`<input type="hidden" name="shown_${topic.id}" value="1">`,
  choice({
    name: `topic_${topic.id}`,
    title: topic.name,
    text: topic.description,
    isChecked: topic.isGranted,
  }),
])}</fieldset>`
}
<fieldset><legend>Or nothing at all</legend>
${choice({
  name: "none",
  title: "Do not email me",
  text: "Stops all marketing email, whatever is ticked above. Untick it to subscribe again.",
  isChecked: isOptedOut,
})}</fieldset>
<button type="submit">Save my choice</button>
</form>`,
  });
}

/** What the centre's address shows when it is opened without a link from an email. */
export function centreWithoutLinkPage(theme: PageTheme): string {
  const title = "Your email preferences";
  return pageLayout({
    title,
    theme,
    body: html`<h1>${title}</h1>
<p>This page knows you by the link in the emails you get from us, so that nobody else can change your choice.</p>
<p>Please open any email from us and follow the link at its end, such as “Manage preferences” or “Unsubscribe”.</p>`,
  });
}

/** One button that unsubscribes, on a page that changes nothing by being looked at (RFC 8058, section 3.1). */
export function unsubscribePage(page: {
  readonly theme: PageTheme;
  readonly actionUrl: string;
  /** Null: the link that led here opens this page only. */
  readonly centreUrl: string | null;
  /** Null while nobody can say, because the database is away. */
  readonly topicName: string | null;
}): string {
  const { theme, actionUrl, centreUrl, topicName } = page;
  const title = "Unsubscribe";
  return pageLayout({
    title,
    theme,
    body: html`<h1>${title}</h1>
<p>${topicName === null ? "Press the button and these emails stop." : html`Press the button and you will get no more emails about <b>${topicName}</b>.`}</p>
<form method="post" action="${actionUrl}" class="row">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">Unsubscribe</button>
${centreUrl === null ? "" : html`<a class="button plain" href="${centreUrl}">Choose what to receive</a>`}
</form>`,
  });
}

/** Shown after one-click unsubscribe, the same for every outcome, because a person may have forwarded the message. */
export function unsubscribedPage(page: {
  readonly theme: PageTheme;
  readonly centreUrl: string | null;
}): string {
  const title = "You are unsubscribed";
  return pageLayout({
    title,
    theme: page.theme,
    body: html`<h1>${title}</h1>
<p>You will get no more of these emails. One that is already on its way may still arrive.</p>
${page.centreUrl === null ? "" : html`<p><a href="${page.centreUrl}">Change your mind, or choose what to receive</a></p>`}`,
  });
}

/** A friend who got a forwarded copy can stop further copies; the subscription of whoever forwarded it stays untouched. */
export function friendOptOutPage(page: {
  readonly theme: PageTheme;
  readonly actionUrl: string;
  readonly isDone: boolean;
}): string {
  const title = page.isDone ? "No more forwarded emails" : "This email was forwarded to you";
  return pageLayout({
    title,
    theme: page.theme,
    body: page.isDone
      ? html`<h1>${title}</h1><p>Nobody can forward our emails to your address any more.</p>`
      : html`<h1>${title}</h1>
<p>You are not on our list. Somebody you know sent you a copy with our forwarding form.</p>
<p>If you would rather get no more of them, press the button. Nothing changes for the person who forwarded it.</p>
<form method="post" action="${page.actionUrl}"><button type="submit">Never forward to me again</button></form>`,
  });
}

/** Where the links of a test message lead: it looks like the real thing's place and does nothing. */
export function testMessagePage(theme: PageTheme, what: string): string {
  const title = "This was a test message";
  return pageLayout({
    title,
    theme,
    body: html`<h1>${title}</h1>
<p>The link works. In a real message it leads to ${what}.</p>
<p class="soft">Nothing was changed and nothing is counted.</p>`,
  });
}
