import fc from "fast-check";
import { parse } from "parse5";
import { expect, test } from "vitest";
import { html, toDocument } from "./html.ts";

const nasty = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "</script><script>",
    "\"onclick='x",
    "<!--",
    "&lt;",
    "javascript:alert(1)",
    "//evil.example",
    "`${x}`",
  ),
);

test("[PG1] whatever a value is, the document keeps its shape", () => {
  fc.assert(
    fc.property(nasty, nasty, (text, attribute) => {
      const shape = JSON.stringify(
        parse(toDocument(html`<p title="${attribute}">${text}</p>`)),
        (key, value: unknown) => (["parentNode", "value"].includes(key) ? undefined : value),
      );
      const plain = JSON.stringify(
        parse(toDocument(html`<p title="a">${text === "" ? "" : "b"}</p>`)),
        (key, value: unknown) => (["parentNode", "value"].includes(key) ? undefined : value),
      );
      expect(shape).toBe(plain);
    }),
  );
});

test("[PG1] an address that is no web, mail or own address goes nowhere", () => {
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://a", "vbscript:x"])
    expect(html`<a href="${bad}">x</a>`.text).toBe('<a href="#">x</a>');
  expect(html`<a href="${"https://a.example/?a=1&b=2"}">x</a>`.text).toContain(
    "https://a.example/?a=1&amp;b=2",
  );
});

test("[PG1] a value in a tag, an unquoted attribute, a style or a script is a bug", () => {
  expect(() => html`<p ${"x"}>`).toThrow();
  expect(() => html`<p title=${"x"}>`).toThrow();
  expect(() => html`<p style="${"x"}">`).toThrow();
  expect(() => html`<p onclick="${"x"}">`).toThrow();
  expect(() => html`<script>${"x"}</script>`).toThrow();
});
