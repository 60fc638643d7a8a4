import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTemplate } from "./parse-template.ts";
import { renderTemplate } from "./render-template.ts";

const setting = { as: "html", now: 0 } as const;
const data = { contact: JSON.parse('{"first_name":"Ana","__proto__":{"polluted":"yes"},"list":[1,2]}') };

/** Renders and says what came out, or the refusal. */
function render(source: string, values: Record<string, unknown> = data): string {
  const result = renderTemplate(source, values, setting);
  return result.ok ? result.value : `! ${result.error}`;
}

test.each([
  "{{ contact.constructor }}",
  "{{ contact.constructor.constructor('return process')() }}",
  "{{ contact['constructor']['prototype'] }}",
  "{{ contact.__proto__.toString }}",
  "{{ contact.first_name.constructor }}",
  "{{ contact.first_name.length }}",
  "{{ contact.list.map }}",
  "{{ contact.list.constructor }}",
  "{{ this }}{{ process }}{{ env }}{{ globalThis }}{{ require }}",
  "{{ 'constructor' | map: 'prototype' }}",
  "{{ contact | map: '__proto__' }}",
  "{% assign k = 'constructor' %}{{ contact[k] }}{{ contact.list[k] }}{{ k[k] }}",
  "{{ forloop.constructor }}",
])("nothing of the host is reached by %s", (source) => {
  expect(render(source).replace(/^!.*/s, "")).toBe("");
});

test("an own entry called __proto__ is data like any other and pollutes nothing", () => {
  expect(render("{{ contact.__proto__.polluted }}")).toBe("yes");
  expect("polluted" in {}).toBe(false);
});

test("F-56: data is never read as a template", () => {
  expect(render("{{ v }}", { v: "{{ contact.email }}{% if x %}" })).toBe("{{ contact.email }}{% if x %}");
});

test.each([
  ["a loop of a thousand million", "{% for i in (1..1000000000) %}x{% endfor %}"],
  ["nested loops", `${"{% for i in (1..1000) %}".repeat(5)}x${"{% endfor %}".repeat(5)}`],
  ["empty nested loops", `${"{% for i in (1..100000) %}".repeat(3)}${"{% endfor %}".repeat(3)}`],
  [
    "a text that doubles",
    `{% assign a = 'xxxxxxxxxx' %}${"{% assign a = a | append: a %}".repeat(40)}{{ a }}`,
  ],
  [
    "a capture that doubles",
    `{% assign a = 'xxxxxxxxxx' %}${"{% capture a %}{{ a }}{{ a }}{% endcapture %}".repeat(40)}{{ a }}`,
  ],
  [
    "replacing by something long",
    "{% assign a = 'aaaaaaaaaaaaaaaaaaaa' %}{% assign b = a | replace: 'a', a | replace: 'a', a | replace: 'a', a | replace: 'a', a | replace: 'a', a %}{{ b }}",
  ],
  [
    "a list that doubles",
    `{% assign a = 'a,b' | split: ',' %}${"{% assign a = a | concat: a %}".repeat(40)}{{ a | size }}`,
  ],
  [
    "joining with something long",
    "{% assign a = (1..5000) | join: ' ' %}{% assign b = (1..5000) | join: a %}{{ b }}",
  ],
  ["much fixed text in a loop", `{% for i in (1..2000) %}${"x".repeat(1000)}{% endfor %}`],
  [
    "looking through a long list again and again",
    "{% assign l = 'a,b' | split: ',' %}{% for i in (1..5) %}{% assign l = l | concat: l | concat: l | concat: l %}{% endfor %}{% for i in (1..5000) %}{% if l contains 'c' %}{% endif %}{% endfor %}",
  ],
  [
    "turning a long list again and again",
    "{% assign l = (1..50000) %}{% for i in (1..5000) %}{% assign m = l | reverse %}{% endfor %}",
  ],
  [
    "showing a long list of nothing",
    "{% assign l = ',,,,,,,,,,,,,,,,,,,,,,a' | split: ',' %}{% for i in (1..50000) %}{{ l }}{% endfor %}",
  ],
  ["a huge range in a condition", "{% assign r = (1..99999999999999999999) %}"],
])("%s is stopped", (_, source) => {
  expect(render(source)).toMatch(/^! The template (does more work|makes more than 1 MB)/);
});

test("a date pattern cannot ask for a huge width", () => {
  expect(render("{{ 'now' | date: '%50000000d' }}").length).toBeLessThan(200);
});

test("deep nesting is refused when it is read", () => {
  const deep = `${"{% if true %}".repeat(30)}${"{% endif %}".repeat(30)}`;
  expect(render(deep)).toMatch(/nested more than 20 deep/);
  expect(render(`{% if ${"true and ".repeat(5000)}true %}{% endif %}`)).toMatch(/nested more than 20 deep/);
  expect(render(`{{ a${"[a".repeat(5000)}${"]".repeat(5000)} }}`)).toMatch(/nested more than 20 deep/);
});

test("any text either renders or is refused with a place, and never throws", () => {
  const scrap = fc.constantFrom(
    "{{",
    "}}",
    "{%",
    "%}",
    "if",
    "endif",
    "for",
    "in",
    "endfor",
    " ",
    "contact",
    ".",
    "[",
    "]",
    "|",
    ":",
    ",",
    "'",
    '"',
    "(",
    ")",
    "..",
    "1",
    "date",
    "raw",
    "endraw",
    "else",
    "case",
    "when",
    "=",
    "==",
    "and",
    "-",
    "\n",
    '<a href="',
    "assign x",
    "capture",
    "__proto__",
    "comment",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(scrap, fc.string()), { maxLength: 40 }), (pieces) => {
      const source = pieces.join("");
      const parsed = parseTemplate(source);
      if (parsed.ok) renderTemplate(source, data, setting);
      else expect(parsed.error.at.offset).toBeLessThanOrEqual(source.length);
    }),
    { numRuns: 3000 },
  );
});

test("text without template code comes out as it went in", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }).filter((text) => !/\{[{%]/.test(text)),
      (text) => {
        expect(render(text)).toBe(text);
      },
    ),
  );
});
