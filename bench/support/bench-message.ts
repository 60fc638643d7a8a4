import type { AttributeLike } from "#core/messages/contact-schema.ts";
import type { MessageSource } from "#core/messages/message-source.ts";

const words =
  "The quick harbour morning brings fresh letters to every door, and each of them is written for one person alone. ";

const fields = ["first_name", "last_name", "city", "country", "plan"];

function section(n: number): string {
  const field = fields[n % fields.length];
  return `<tr><td style="padding:16px 40px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:24px;color:#1f2933">
<h2 style="margin:0 0 8px;font-size:20px">Story ${n + 1} for {{ contact.${field} | default: "you" }}</h2>
<p style="margin:0 0 12px">${words.repeat(6)}</p>
<p style="margin:0"><a href="https://shop.example/story/${n}?from=letter&amp;place=${n}" style="color:#1d4ed8">Read story ${n + 1}</a></p>
</td></tr>
`;
}

/** A realistic letter: about 30 KB of HTML and text, 25 fields, 20 tracked links, 2 conditions and 1 loop. */
export const benchSource: MessageSource = {
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
{% if contact.city == "New York" %}<tr><td>See you downtown, {{ contact.first_name | default: "friend" }}.</td></tr>{% endif %}
{% if contact.plan == "pro" %}<tr><td>Thank you for being with us.</td></tr>{% endif %}
{% assign days = "Monday,Tuesday,Wednesday,Thursday,Friday" | split: "," %}{% for day in days %}<tr><td>{{ day }}, {{ contact.city | default: "here" }}</td></tr>{% endfor %}
${Array.from({ length: 20 }, (_, n) => section(n)).join("")}
<tr><td>{{ settings.postal_address }} <a href="{{ links.subscription_center }}">Choose what you get</a>
<a href="{{ links.unsubscribe }}">Unsubscribe</a></td></tr>
</table></body></html>`,
  text: null,
  trackOpens: true,
  trackClicks: true,
};

export const benchAttributes: readonly AttributeLike[] = [{ key: "plan", type: "text" }];
