import fc from "fast-check";
import { expect, test } from "vitest";
import { noticePage } from "./notice-page.ts";
import { stylesheet } from "./stylesheet.ts";
import { contrast, parseColor, themeProperties } from "./theme.ts";

test("[PG2] buttons and links stay readable with every brand colour, in light and dark", () => {
  fc.assert(
    fc.property(fc.nat(0xffffff), (value) => {
      const colors = [
        ...themeProperties(`#${value.toString(16).padStart(6, "0")}`).matchAll(/#[0-9a-f]{6}/g),
      ].map(([text]) => parseColor(text) ?? [0, 0, 0]);
      const [brand, onBrand, link, darkBrand, onDarkBrand, darkLink] = colors;
      for (const [a, b] of [
        [brand, onBrand],
        [link, [255, 255, 255]],
        [darkBrand, onDarkBrand],
        [darkLink, [27, 30, 36]],
      ] as const)
        expect(
          a && b ? contrast([a[0] ?? 0, a[1] ?? 0, a[2] ?? 0], [b[0] ?? 0, b[1] ?? 0, b[2] ?? 0]) : 0,
        ).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

test("[PG2] a colour that is none gives the standard look", () => {
  expect(themeProperties("red;}body{display:none")).toBe(themeProperties(""));
});

test("[PG2] the style of a page is below 10 KB and a page fetches nothing", () => {
  expect(stylesheet.length).toBeLessThan(10_000);
  const page = noticePage({ title: "Hello", text: "World" });
  expect(page).not.toMatch(/<script|<link|src=|@import|url\(/);
});
