import type { AttributeLike } from "./contact-schema.ts";
import type { MailingContext, RecipientInput } from "./mailing-context.ts";
import type { MessageSource } from "./message-source.ts";

/** A small complete message with one of everything, for tests and measurements. */
export const sampleSource: MessageSource = {
  name: "Spring letter",
  designation: "commercial",
  subject: "{{ contact.first_name | default: 'Hello' }}, spring is here – 20% off",
  preheader: "Only until {{ '2026-05-01' | date: '%d %B' }} & while stocks last",
  fromName: "",
  fromAddress: "",
  replyTo: "",
  html: `<!doctype html>
<html lang="en">
<head><title>Spring</title><style>p { color: #333 }</style></head>
<body style="margin:0">
<p>Dear {{ contact.first_name | default: "friend" }},</p>
<p><a href="https://shop.example/spring?a=1&amp;b=2">See the <b>offers</b></a>
<a href="https://shop.example/spring?a=1&amp;b=2">again</a>
<a href="https://shop.example/me?email={{ contact.email }}&amp;n={{ contact.first_name }}">Your page</a>
<a href="https://shop.example/terms" data-track="off">Terms</a>
<a href="mailto:help@shop.example">Help</a></p>
{% for order in contact.orders limit: 3 %}<p>.Order {{ order.title }}: {{ order.price | currency: "EUR" }}</p>
{% else %}<p>No orders yet.</p>
{% endfor %}{% if contact.city == "Zürich" %}<p>Grüezi!</p>{% endif %}
<p>{{ settings.company_name }}, {{ settings.postal_address | newline_to_br }}</p>
<p><a href="{{ links.subscription_center }}">Preferences</a> <a href="{{ links.unsubscribe }}">Unsubscribe</a></p>
</body>
</html>
`,
  text: null,
  trackOpens: true,
  trackClicks: true,
};

export const sampleAttributes: readonly AttributeLike[] = [
  { key: "orders", type: "list" },
  { key: "points", type: "number" },
  { key: "vip", type: "boolean" },
  { key: "birthday", type: "date" },
];

export const sampleMailing: MailingContext = {
  publicUrl: "https://mail.example.com",
  settings: { company_name: "Müller & Söhne", postal_address: "Main Street 1\n8000 Zürich" },
  journeyName: "Spring",
  listId: "topic-3.lists.example.com",
  feedbackId: "7:3:journey:postroad",
  unsubscribeMailto: "unsubscribe+{token}@bounces.example.com",
  commercial: true,
  trackOpens: true,
  trackClicks: true,
  defaults: { fromName: "Müller & Söhne", fromAddress: "news@example.com", replyTo: "" },
};

/** A recipient whose fields are given by name, in the order in which the compiled message asks for them. */
export function sampleRecipient(
  needs: readonly { readonly path: readonly string[] }[],
  values: Readonly<Record<string, string | null>>,
  changes: Partial<RecipientInput> = {},
): RecipientInput {
  return {
    address: "ana@example.org",
    displayName: "Ana Núñez",
    fields: needs.map((need) => values[need.path[0] ?? ""] ?? null),
    tokens: { read: "READTOKEN", manage: "MANAGETOKEN", forward: "FORWARDTOKEN", bounce: "bouncetoken" },
    messageId: "1025.7@mail.example.com",
    date: Date.UTC(2026, 3, 2, 10, 30, 5),
    timeZone: "Europe/Zurich",
    locale: "en",
    trackingConsent: true,
    signUrl: (url) => `signed-${url.length}`,
    ...changes,
  };
}
