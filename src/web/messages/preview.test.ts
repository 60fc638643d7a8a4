import { expect, test } from "vitest";
import { asSeen } from "./preview.ts";

const html =
  "<!doctype html><style>@media (prefers-color-scheme: dark) { p { color: white } }</style><p>Hi</p>";

test("dark rules hold in the dark preview and not in the light one", () => {
  expect(asSeen(html, { isDark: true, hasImages: true })).toContain("@media (min-width: 0) {");
  expect(asSeen(html, { isDark: false, hasImages: true })).toContain("@media (max-width: 0) {");
});

test("with images off the frame may not load any", () => {
  expect(asSeen(html, { isDark: false, hasImages: false })).toContain("img-src 'none'");
  expect(asSeen(html, { isDark: false, hasImages: true })).not.toContain("img-src");
});
