import { describe, expect, test } from "vitest";
import { applyRepair } from "../kernel/finding.ts";
import { analyseMessage } from "../messages/compile-message.ts";
import { noLinkTags } from "../messages/link-tags.ts";
import type { MessageSource } from "../messages/message-source.ts";
import { sampleAttributes, sampleSource } from "../messages/sample-message.ts";
import { checkMessage } from "./check-message.ts";
import type { MessageFacts } from "./facts.ts";

type Mutant = { readonly source?: Partial<MessageSource>; readonly facts?: Partial<MessageFacts> };

const settings = {
  name: "Default",
  postalAddress: "Main Street 1",
  fromName: "Shop",
  fromAddress: "news@example.com",
  replyTo: "",
};

function check({ source: changes, facts }: Mutant) {
  const source: MessageSource = { ...sampleSource, ...changes };
  return checkMessage({
    source,
    analysis: analyseMessage(source, { attributes: sampleAttributes }),
    contentSettings: settings,
    permittedDomains: ["example.com"],
    largestMessage: 10_000_000,
    emptySubjectCount: 0,
    fieldGaps: [],
    references: { missing: [] },
    senderDomain: { domain: "example.com", faults: [] },
    ...facts,
  });
}

const { html } = sampleSource;
const text = "Hi {{ settings.postal_address }} {{ links.subscription_center }}";
const inBody = (more: string): Mutant => ({ source: { html: html.replace("</body>", `${more}</body>`) } });

test("a sound message has no findings", () => {
  expect(check({})).toEqual([]);
  expect(check({ source: { text } })).toEqual([]);
});

test("transactional mail needs neither subscription centre nor postal address", () => {
  const bare = html.replace(/<p>\{\{ settings[\s\S]*<\/p>\n(?=<\/body>)/, "");
  expect(check({ source: { designation: "transactional", html: bare } })).toEqual([]);
});

describe("each defect gives its finding and no other", () => {
  test.each<[string, Mutant]>([
    ["subject.missing", { source: { subject: " " } }],
    ["subject.empty-for-some", { facts: { emptySubjectCount: 3 } }],
    ["size.above-routes", { facts: { largestMessage: 300 } }],
    ["subject.long", { source: { subject: "x".repeat(61) } }],
    ["sender.name-missing", { facts: { contentSettings: { ...settings, fromName: "" } } }],
    ["sender.address-missing", { facts: { contentSettings: { ...settings, fromAddress: "" } } }],
    ["sender.address-invalid", { source: { fromAddress: "news" } }],
    ["sender.domain-not-permitted", { source: { fromAddress: "news@other.example" } }],
    ["sender.free-mail", { source: { fromAddress: "shop@gmail.com" } }],
    ["link.tag-wrong", { source: { linkTags: { ...noLinkTags, campaign: "{{ contact.city }}" } } }],
    ["link.tag-wrong", { source: { linkTags: { ...noLinkTags, domains: ["https://shop.example"] } } }],
    ["sender.reply-to-invalid", { source: { replyTo: "a@b@c" } }],
    ["header.line-break", { source: { subject: "Hi\r\nBcc: x@y.zz" } }],
    ["header.line-break", { source: { fromName: "Shop\u2028x" } }],
    [
      "subscription-center.missing-html",
      { source: { text, html: html.replace(/<a href="\{\{ links\.[^\n]*/, "</p>") } },
    ],
    [
      "subscription-center.missing-html",
      { source: { text, html: html.replace("{{ links.subscription_center }}", "{{ links.unsubscribe }}") } },
    ],
    ["subscription-center.missing-text", { source: { text: "Hi {{ settings.postal_address }}" } }],
    [
      "postal-address.missing-html",
      { source: { text, html: html.replace(", {{ settings.postal_address | newline_to_br }}", "") } },
    ],
    ["postal-address.missing-text", { source: { text: "Hi {{ links.subscription_center }}" } }],
    ["postal-address.blank", { facts: { contentSettings: { ...settings, postalAddress: " " } } }],
    ["template.syntax", { source: { text, html: `${html}{% if %}` } }],
    ["template.unknown-field", inBody("<p>{{ contact.first_nam }}</p>")],
    ["template.unknown-field", inBody("<p>{{ first_name }}</p>")],
    ["template.unknown-filter", inBody("<p>{{ contact.city | upcas }}</p>")],
    ["template.filter-arguments", inBody("<p>{{ contact.city | append }}</p>")],
    ["template.loop-over-non-list", inBody("{% for c in contact.city %}{{ c }}{% endfor %}")],
    ["html.value-unquoted", inBody("<p title={{ contact.city }}>x</p>")],
    ["html.empty", { source: { designation: "transactional", html: "", text: "Hi" } }],
    ["html.unclosed", inBody("<div>x")],
    ["html.unclosed", inBody("<b>x")],
    ["html.stray", inBody("x</table>")],
    ["html.refused-element", inBody("<iframe></iframe>")],
    ["html.refused-element", inBody("<script>x</script>")],
    ["html.refused-element", inBody("<form></form>")],
    ["html.refused-handler", inBody('<p onclick="x">y</p>')],
    ["html.refused-address", inBody('<a href="javascript:x">y</a>')],
    ["size.large", inBody(`<p>${"x".repeat(101 * 1024)}</p>`)],
    ["size.too-large", inBody(`<p>${"x".repeat(129 * 1024)}</p>`)],
    [
      "reference.missing-image",
      { facts: { references: { missing: [{ kind: "image", id: "img_1", spelling: "x" }] } } },
    ],
    ["preheader.missing", { source: { preheader: "" } }],
    ["text.missing", { source: { designation: "transactional", text: " " } }],
    ["image.no-alt", inBody('<img src="https://x.example/y.png">')],
    ["link.plain-http", inBody('<a href="http://x.example/">y</a>')],
    ["link.this-machine-only", inBody('<a href="http://localhost:3000/e/gala">y</a>')],
    ["link.shortener", inBody('<a href="https://bit.ly/x">y</a>')],
    ["link.invalid", inBody('<a href="https://user:secret@x.example/">y</a>')],
    ["link.invalid", inBody('<a href="https:///path">y</a>')],
    ["link.invalid", inBody('<a href="https://exa mple.org/">y</a>')],
    ["link.empty", inBody('<a href="#">y</a>')],
    ["language.missing", { source: { html: html.replace(' lang="en"', "") } }],
    ["field.often-empty", { facts: { fieldGaps: [{ path: "contact.city", emptyCount: 40, total: 100 }] } }],
    [
      "domain.not-authenticated",
      { facts: { senderDomain: { domain: "example.com", faults: ["There is no SPF record."] } } },
    ],
  ])("%s", (code, mutant) => {
    expect(check(mutant).map((finding) => finding.code)).toEqual([code]);
  });
});

test("without content settings, commercial mail is not sent", () => {
  const source = { fromName: "Shop", fromAddress: "news@example.com" };
  expect(check({ source, facts: { contentSettings: null } }).map(({ code }) => code)).toEqual([
    "content-settings.missing",
  ]);
});

test("elements that a condition opens and closes elsewhere are not held against the message", () => {
  const split = "{% if contact.city %}<div>{% endif %}x{% if contact.city %}</div>{% endif %}";
  expect(check(inBody(split))).toEqual([]);
  expect(check(inBody("{% if contact.city %}<div>{% else %}<div title='x'>{% endif %}x</div>"))).toEqual([]);
});

test("ghost tables for Outlook are not held against the message", () => {
  expect(
    check(
      inBody("<!--[if mso]><table><tr><td><![endif]--><p>x</p><!--[if mso]></td></tr></table><![endif]-->"),
    ),
  ).toEqual([]);
});

test("findings say where, by line and column of the source as it was written", () => {
  const crlf = html.replace("</body>", "<p>{{ contact.first_nam }}</p></body>").replace(/\n/g, "\r\n");
  const line = crlf.split("\r\n").findIndex((one) => one.includes("first_nam }}")) + 1;
  expect(check({ source: { html: crlf } })).toMatchObject([
    {
      code: "template.unknown-field",
      fix: "Did you mean “contact.first_name”?",
      where: { field: "html", line, column: 7 },
    },
  ]);
});

test("what blocks comes before what is advised", () => {
  const severities = check({ source: { subject: "", preheader: "" } }).map(({ severity }) => severity);
  expect(severities).toEqual(["error", "warning"]);
});

describe("one click removes the finding and brings no other", () => {
  test.each<[string, Mutant]>([
    [
      "subscription-center.missing-html",
      { source: { text, html: html.replace(/<a href="\{\{ links\.[^\n]*/, "</p>") } },
    ],
    ["subscription-center.missing-text", { source: { text: "Hi {{ settings.postal_address }}" } }],
    [
      "postal-address.missing-html",
      { source: { text, html: html.replace(", {{ settings.postal_address | newline_to_br }}", "") } },
    ],
    ["postal-address.missing-text", { source: { text: "Hi {{ links.subscription_center }}" } }],
    ["preheader.missing", { source: { preheader: "" } }],
    ["image.no-alt", inBody('<img src="https://x.example/y.png">')],
    ["link.plain-http", inBody('<a href="http://x.example/">y</a>')],
    ["language.missing", { source: { html: html.replace(' lang="en"', "") } }],
    ["header.line-break", { source: { subject: "Hi\nthere" } }],
  ])("%s", (code, mutant) => {
    const [finding] = check(mutant);
    expect(finding?.code).toBe(code);
    const repair = finding?.repair;
    if (!repair) throw new Error("There is no repair");
    const source: MessageSource = { ...sampleSource, ...mutant.source };
    const field = repair.field as keyof MessageSource;
    const repaired = applyRepair(String(source[field] ?? ""), repair);
    expect(check({ ...mutant, source: { ...mutant.source, [field]: repaired } })).toEqual([]);
  });
});
