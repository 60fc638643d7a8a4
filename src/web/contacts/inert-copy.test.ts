import { expect, test } from "vitest";
import { isBeacon } from "./inert-copy.ts";

test("a beacon is told from the pictures of a message", () => {
  expect(isBeacon("https://mail.example.org/o/AQAAAAAAAAgAhrIzj_zmXDseEvxf6aiLwA.gif")).toBe(true);
  for (const picture of [
    "https://example.org/o/logo.png",
    "https://example.org/o/",
    "https://example.org/photos/o.gif",
    "",
  ])
    expect(isBeacon(picture)).toBe(false);
});
