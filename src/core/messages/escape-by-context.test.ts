import fc from "fast-check";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { expect, test } from "vitest";
import { compileMessage } from "./compile-message.ts";
import { createRenderer } from "./render-message.ts";
import { sampleMailing, sampleRecipient, sampleSource } from "./sample-message.ts";

/** Scraps of HTML, sound and broken, that values are thrown between. */
const scraps = [
  "<p>",
  "</p>",
  '<p title="',
  '"',
  "'",
  ">",
  "<",
  "/>",
  '<a href="',
  "<a href='",
  '<img src="https://x.example/',
  '<a href="https://x.example/?a=',
  '<div style="color:',
  "<style>p{color:",
  "}</style>",
  "<title>",
  "</title>",
  "<textarea>",
  "</textarea>",
  "<!--",
  "-->",
  "<!-->",
  "--!>",
  "<!--[if mso]>",
  "<![endif]-->",
  "<!--[if !mso]><!-->",
  "<!--<![endif]-->",
  "<!doctype html>",
  "<script>",
  "</script>",
  "<svg>",
  "<td",
  " title=",
  " title",
  "=",
  " ",
  "\n",
  "text",
  "&amp;",
  "&",
  "<b/",
  "</",
  "<?x",
  "<![CDATA[",
  "]]>",
  "{% if contact.city %}",
  "{% else %}",
  "{% endif %}",
  "<plaintext",
  "<noscript>",
  "</noscript>",
  "<xmp>",
  "</xmp>",
  "<iframe>",
  "</iframe>",
  "<noembed>",
  "<noframes>",
  "<template>",
  "<math>",
  "<select>",
  "\t",
  "\f",
  "--",
  "!",
];

const hostile = [
  "<script>alert(1)</script>",
  '" onload="x',
  "' onload='x",
  "> <b>x</b>",
  "--> <b>x</b>",
  "--!><b>",
  "</style><b>x</b>",
  "</title><b>x</b>",
  "</textarea><b>",
  "javascript:alert(1)",
  "`onload=x",
  " onload=x ",
  "/onload=x",
  "]]><b>",
  "=x",
  "<",
  "</p ",
  "&#34; onload=x",
  "\u0000<b>",
  "%22 onload=x",
  "</xmp><b>",
  "</noscript><b>",
];

/** Every element with the names of its attributes, every comment, and where links lead to. */
function structure(html: string): string[] {
  const found: string[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node) => {
    if ("tagName" in node) {
      found.push(`${node.tagName} ${node.attrs.map(({ name }) => name).join(" ")}`);
      for (const { name, value } of node.attrs) {
        if (/^(?:href|src)$/.test(name) && /^\s*javascript:/i.test(value)) found.push("runs a script");
      }
      if ("content" in node) visit(node.content);
    } else if (node.nodeName === "#comment") found.push("comment");
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return found;
}

function shown(html: string, value: string): string | undefined {
  const source = { ...sampleSource, html, text: "x", preheader: "" };
  const compiled = compileMessage(source, { attributes: [] });
  if (!compiled.ok) return undefined;
  const recipient = sampleRecipient(
    compiled.value.fields,
    { first_name: value, city: "x" },
    { trackingConsent: false },
  );
  const parts = createRenderer(compiled.value, sampleMailing).renderParts(recipient);
  return parts.ok ? parts.value.html : undefined;
}

test("wherever a value lands in whatever HTML, hostile data makes no other document than harmless data", () => {
  const scrap = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...scraps) },
    { weight: 1, arbitrary: fc.constant("{{ contact.first_name }}") },
  );
  fc.assert(
    fc.property(
      fc.array(scrap, { minLength: 2, maxLength: 14 }),
      fc.constantFrom(...hostile),
      (pieces, value) => {
        const html = pieces.join("");
        const harmless = shown(html, "x");
        if (harmless === undefined) return;
        // Where a value is filtered out, the document is the one without it.
        const sound = [harmless, shown(html, "") ?? ""].map(structure);
        expect(sound).toContainEqual(structure(shown(html, value) ?? ""));
      },
    ),
    { numRuns: 3_000 },
  );
}, 60_000);
