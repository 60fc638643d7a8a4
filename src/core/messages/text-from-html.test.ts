import fc from "fast-check";
import { expect, test } from "vitest";
import { textFromHtml } from "./text-from-html.ts";

test.each([
  ["paragraphs stand apart", "<p>a</p><p>b</p>", "a\n\nb\n"],
  ["white space is one space", "<p>a\n   b&nbsp; c</p>", "a b c\n"],
  ["line breaks stay", "a<br>b<br/>c", "a\nb\nc\n"],
  ["headings stand apart", "<h1>T</h1>x", "T\n\nx\n"],
  [
    "lists get dashes and numbers",
    "<ul><li>a</li><li>b</li></ul><ol><li>c<li>d</ol>",
    "- a\n- b\n\n1. c\n2. d\n",
  ],
  [
    "links show their address",
    '<a href="https://x.example/?a=1&amp;b=2">Shop</a> now',
    "Shop (https://x.example/?a=1&b=2) now\n",
  ],
  [
    "an address is not said twice",
    '<a href="https://x.example/">https://x.example/</a>',
    "https://x.example/\n",
  ],
  [
    "a link that says its host shows the address",
    '<a href="https://x.example">x.example</a>',
    "https://x.example\n",
  ],
  ["mail links show the address", '<a href="mailto:a@b.cc">Write</a>', "Write (a@b.cc)\n"],
  ["images show their alternative text", '<img src="x" alt="A cat">', "A cat\n"],
  [
    "linked images show text and address",
    '<a href="https://x.example/a"><img src="x" alt="A cat"></a>',
    "A cat (https://x.example/a)\n",
  ],
  ["what is hidden is left out", '<div style="display:none">pre<p>x</p></div><p hidden>y</p><p>z</p>', "z\n"],
  [
    "styles and scripts are left out",
    "<head><title>t</title></head><style>p{}</style><script>x</script>a",
    "a\n",
  ],
  ["comments are left out", "a<!-- b --><!--[if mso]>c<![endif]-->d", "ad\n"],
  ["cells stand apart", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n"],
  ["entities are read", "&lt;b&gt; &amp; &euro; &#8364; &#x20AC; &unknown;", "<b> & € € € &unknown;\n"],
  ["a lone < is text", "1 < 2", "1 < 2\n"],
  [
    "template code stays",
    '<p>Hi {{ contact.first_name | default: "you" }},</p>',
    'Hi {{ contact.first_name | default: "you" }},\n',
  ],
  [
    "template code in addresses stays",
    '<a href="https://x.example/?e={{ contact.email }}">x</a>',
    "x (https://x.example/?e={{ contact.email }})\n",
  ],
  [
    "breaks go with the branch",
    "<p>a</p>{% if x %}<p>b</p>{% else %}<p>c</p>{% endif %}<p>d</p>",
    "a{% if x %}\n\nb{% else %}\n\nc{% endif %}\n\nd\n",
  ],
  ["nothing gives nothing", "<p> </p>", ""],
])("%s", (_, html, text) => {
  expect(textFromHtml(html)).toBe(text);
});

test("any HTML gives text in time that grows with its length", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (html) => typeof textFromHtml(html) === "string"));
  for (const piece of [
    "<a ",
    "{{ x }}",
    "<a {{x}}",
    '<a href="',
    "<!--",
    "{%",
    "&",
    '<p style="display:none">',
  ]) {
    expect(typeof textFromHtml(piece.repeat(1000))).toBe("string");
  }
});
