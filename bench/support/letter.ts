import type { AttributeLike } from "#core/messages/contact-schema.ts";
import type { MessageSource } from "#core/messages/message-source.ts";

const words =
  "The quick harbour morning brings fresh letters to every door, and each of them is written for one person alone. ";

/** One story: a headline with a merge field, a paragraph and a link. */
function story(n: number, field: string): string {
  return `<tr><td style="padding:16px 40px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:24px;color:#1f2933">
<h2 style="margin:0 0 8px;font-size:20px">Story ${n + 1} for {{ contact.${field} | default: "you" }}</h2>
<p style="margin:0 0 12px">${words.repeat(5)}</p>
<p style="margin:0"><a href="https://shop.example/story/${n}?from=letter&amp;place=${n}" style="color:#1d4ed8">Read story ${n + 1}</a></p>
</td></tr>
`;
}

/** Fifteen fields of a contact: seven columns and eight attributes. Twenty stories name each of them once or twice. */
const fields = [
  "first_name",
  "last_name",
  "city",
  "country",
  "plan",
  "company",
  "store",
  "points",
  "member_since",
  "language",
  "greeting",
  "interest",
  "email",
  "time_zone",
];

/**
 * A realistic letter: about 30 KB of HTML and text, 25 merge fields, 20 tracked links, 2 conditions and a loop over a
 * list attribute, beside the pixel, the unsubscribe links and the footer that every letter has.
 */
export const letter: MessageSource = {
  name: "Bench letter",
  designation: "commercial",
  subject: "{{ contact.first_name | default: 'Hello' }}, twenty stories for you",
  preheader: "All of them short.",
  fromName: "Postroad Bench",
  fromAddress: "news@bench.example",
  replyTo: "",
  html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Stories</title></head>
<body style="margin:0"><table role="presentation" width="600">
<tr><td>{{ contact.greeting | default: "Dear" }} {{ contact.first_name | default: "friend" }} {{ contact.last_name }},</td></tr>
{% if contact.city == "New York" %}<tr><td>See you downtown.</td></tr>{% endif %}
{% if contact.plan == "pro" %}<tr><td>Thank you for being with us.</td></tr>{% endif %}
{% for order in contact.orders limit: 3 %}<tr><td>Your order: {{ order.title }} for {{ order.price | currency: "EUR" }}</td></tr>{% endfor %}
${Array.from({ length: 20 }, (_, n) => story(n, fields[n % fields.length] ?? "")).join("")}
<tr><td>{{ settings.postal_address }} <a href="{{ links.subscription_center }}">Choose what you get</a>
<a href="{{ links.unsubscribe }}">Unsubscribe</a></td></tr>
</table></body></html>`,
  text: null,
  trackOpens: true,
  trackClicks: true,
};

/** The attributes that the letter names. */
export const letterAttributes: readonly AttributeLike[] = [
  { key: "plan", type: "text" },
  { key: "company", type: "text" },
  { key: "store", type: "text" },
  { key: "points", type: "number" },
  { key: "member_since", type: "date" },
  { key: "greeting", type: "text" },
  { key: "interest", type: "text" },
  { key: "orders", type: "list" },
];
