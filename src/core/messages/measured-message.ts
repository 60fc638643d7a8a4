import type { AttributeLike } from "./contact-schema.ts";
import type { MessageSource } from "./message-source.ts";
import { sampleSource } from "./sample-message.ts";

const textFields = Array.from({ length: 19 }, (_, i) => `field_${i}`);

/** The attributes that the measured message uses. */
export const measuredAttributes: readonly AttributeLike[] = [
  ...textFields.map((key): AttributeLike => ({ key, type: "text" })),
  { key: "orders", type: "list" },
];

const words =
  "spring offers for the garden: tools, seeds and a little patience make every terrace bloom – even a small one in the city. ";

/**
 * A message of the size at which sending is measured: about 29 KB of HTML, 25 merge fields, 20 links, 2 conditions, a
 * loop of 5 items and text beyond ASCII (docs: the same mix as in our measurements of other engines).
 */
export function measuredSource(): MessageSource {
  const blocks = Array.from({ length: 19 }, (_, i) => {
    const style = "font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:24px;color:#333333";
    return `<tr><td style="padding:16px 24px;${style}"><h2 style="margin:0 0 8px">Offer ${i + 1} for {{ contact.field_${i} }}</h2>
<p style="margin:0 0 12px">${words.repeat(8)}</p>
<a href="https://shop.example/offers/${i}?utm_source=mail&amp;utm_campaign=spring" style="color:#0b5fff">See offer ${i + 1}</a></td></tr>\n`;
  }).join("");
  return {
    ...sampleSource,
    name: "Measured",
    subject: "{{ contact.first_name | default: 'Hello' }}, the garden is waiting",
    preheader: "Nineteen ideas for {{ contact.city }}",
    html: `<!doctype html>\n<html lang="en"><head><title>Spring</title></head><body style="margin:0">
<p>Dear {{ contact.first_name }} {{ contact.last_name }},</p>
{% if contact.city == "Zürich" %}<p>Grüezi!</p>{% else %}<p>Hello {{ contact.country }}!</p>{% endif %}
<table role="presentation">${blocks}</table>
{% for order in contact.orders %}<p>{{ order.title }}: {{ order.count }} × {{ order.price }}</p>\n{% endfor %}
{% if contact.language == "de" %}<p>Bis bald</p>{% else %}<p>See you soon, {{ contact.email }}</p>{% endif %}
<a href="https://shop.example/all">All offers</a>
<p>{{ settings.company_name }}, {{ settings.postal_address }}</p>
<a href="{{ links.subscription_center }}">Preferences</a> <a href="{{ links.unsubscribe }}">Unsubscribe</a>
</body></html>\n`,
    text: `Dear {{ contact.first_name }},\n\n${`${words}\n`.repeat(20)}\nhttps://shop.example/all\n{{ settings.postal_address }}\n{{ links.subscription_center }}\n`,
  };
}

/** A contact's values for the measured message, different for each number. */
export function measuredValues(number: number): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(textFields.map((key, i) => [key, `value ${i} of ${number}`])),
    email: `contact${number}@example.org`,
    first_name: number % 3 === 0 ? "José" : "Maria",
    last_name: `Name${number}`,
    city: number % 2 === 0 ? "Zürich" : "Bern",
    country: "CH",
    language: number % 2 === 0 ? "de" : "en",
    orders: JSON.stringify(
      Array.from({ length: 5 }, (_, i) => ({ title: `Schäufeli ${i} & more`, count: i + 1, price: 9.5 + i })),
    ),
  };
}
