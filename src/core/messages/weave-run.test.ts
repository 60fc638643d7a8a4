import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteBuffer } from "../mime/byte-buffer.ts";
import { wireGate } from "../mime/wire-gate.ts";
import { compileMessage } from "./compile-message.ts";
import type { MailingContext } from "./mailing-context.ts";
import { createRenderer } from "./render-message.ts";
import { sampleMailing, sampleRecipient, sampleSource } from "./sample-message.ts";

const ownLinks = ["subscription_center", "unsubscribe", "forward", "view_in_browser"];

/** A piece of HTML with a link or a value in it, or something that takes room on a line. */
const piece = fc.oneof(
  fc.nat(90).map((room) => `<i>${"x".repeat(room)}</i>`),
  fc.nat(3).map((n) => `<a href="{{ links.${ownLinks[n]} }}">{{ links.${ownLinks[n]} }}</a>`),
  fc.nat(3).map((n) => `<a href="https://shop.example/?back={{ links.${ownLinks[n]} }}">here</a>`),
  fc
    .nat(3)
    .map((n) => `<p style="color: {{ links.${ownLinks[n]} }}">{{ links.${ownLinks[n]} | upcase }}</p>`),
  fc
    .nat(120)
    .map((room) => `<a href="https://shop.example/${"é&amp;".repeat(room % 9)}${"p".repeat(room)}">go</a>\n`),
  fc.constant(`<a href="https://shop.example/{{ contact.first_name }}">{{ contact.first_name }}</a>`),
  fc.constant(`{% if contact.city == "Rome" %}<a href="https://rome.example">R</a>{% endif %}`),
  fc.constant(`{% for n in (1..3) %}<a href="https://loop.example">{{ n }}</a>{% else %}-{% endfor %}`),
  fc.constant(`{% capture kept %}{{ links.forward }}{% endcapture %}{{ kept }}`),
);

const token = fc.string({ unit: fc.constantFrom(..."ABCXYZabcxyz0189-_"), minLength: 1, maxLength: 60 });

const letter = fc.record({
  html: fc.array(piece, { maxLength: 30 }).map((pieces) => `<body>${pieces.join("")}</body>`),
  host: fc.nat(70).map((length) => `https://${"m".repeat(length)}.example`),
  tokens: fc.record({ read: token, manage: token, forward: token }),
  place: fc.nat(),
  trackingConsent: fc.boolean(),
  trackClicks: fc.boolean(),
});

function make(html: string, mailing: Partial<MailingContext>) {
  const compiled = compileMessage({ ...sampleSource, html, text: null }, { attributes: [] });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const hiddenLink = html.length % 2 === 0;
  const renderer = createRenderer({ ...compiled.value, hiddenLink }, { ...sampleMailing, ...mailing });
  const out = new ByteBuffer();
  return (tokens: Record<"read" | "manage" | "forward", string>, trackingConsent: boolean, city = "Rome") => {
    const values = { first_name: "Zoë <3 =", city };
    const made = renderer.render(
      sampleRecipient(compiled.value.fields, values, {
        tokens: { ...tokens, bounce: "bounce" },
        trackingConsent,
      }),
      out,
    );
    if (!made.ok) throw new Error(made.error.message);
    return { text: Buffer.from(out.view()).toString("latin1"), gate: wireGate(out.bytes, made.value) };
  };
}

// A tilde is no letter of tokens, so that nothing is woven; but nothing escapes it either.
const unwoven = ({ text }: { readonly text: string }) => text.replaceAll("~", "_");

test("[W7] a woven message has the bytes that its steps write one by one", () => {
  fc.assert(
    fc.property(letter, ({ html, host, tokens, place, trackingConsent, trackClicks }) => {
      const render = make(html, { publicUrl: host, trackClicks });
      const put = (text: string, mark: string) => {
        const at = place % text.length;
        return text.slice(0, at) + mark + text.slice(at + 1);
      };
      const [woven, plain] = ["_", "~"].map((mark) => ({
        read: put(tokens.read, mark),
        manage: put(tokens.manage, mark),
        forward: put(tokens.forward, mark),
      }));
      if (!woven || !plain) throw new Error("two");
      const byStep = render(plain, trackingConsent);
      // Twice, as the first is looked at whole and the second only where it differs.
      for (const made of [render(woven, trackingConsent), render(woven, trackingConsent)]) {
        expect(made.text).toBe(unwoven(byStep));
        expect(made.gate).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test("what is woven for one recipient serves no other whose tokens are longer or who was not asked", () => {
  const render = make(`<body><a href="https://shop.example">{{ links.forward }}</a></body>`, {});
  const short = { read: "R1", manage: "M1", forward: "F1" };
  const long = { read: "R".repeat(34), manage: "M".repeat(34), forward: "F".repeat(34) };
  for (const tokens of [short, long, short]) {
    expect(render(tokens, true).text).toContain(`/c/${tokens.read}/1`);
    expect(render(tokens, true).text.replaceAll("=\r\n", "")).toContain(`/f/${tokens.forward}`);
    const unasked = render(tokens, false).text;
    expect(unasked).toContain("https://shop.example");
    expect(unasked).not.toContain(tokens.read);
  }
});
