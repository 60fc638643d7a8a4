import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readSignedText, readSignedUrl, signText, signUrl } from "./signed-text.ts";
import { type Mac, mintTokens } from "./tokens.ts";

const mac: Mac = (kid, input) =>
  kid === 7 ? createHmac("sha512", "a key of this test").update(input).digest() : undefined;

test("[T4] a signed text comes back for its own purpose and for no other", { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), fc.string(), (text, made, asked) => {
      const packed = signText(made, text, 7, mac);
      expect(packed).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(readSignedText(asked, packed, mac)).toBe(made === asked ? text.toWellFormed() : undefined);
    }),
  );
});

test("[T4] a signed text with any one character changed is refused", () => {
  const packed = signUrl("https://shop.example.com/a?b=ö", "1025", 7, mac);
  fc.assert(
    fc.property(fc.nat(packed.length - 1), fc.constantFrom(..."Az09-_"), (place, character) => {
      const changed = packed.slice(0, place) + character + packed.slice(place + 1);
      expect(readSignedUrl(changed, "1025", mac) === undefined).toBe(changed !== packed);
    }),
  );
});

test("[T4] an address signed for one delivery is refused for another", () => {
  const packed = signUrl("https://shop.example.com/", "1025", 7, mac);
  expect(readSignedUrl(packed, "1025", mac)).toBe("https://shop.example.com/");
  expect(readSignedUrl(packed, "1026", mac)).toBeUndefined();
});

test("a delivery token is never a signed text", () => {
  const { read } = mintTokens("1025", 7, mac);
  expect(readSignedText("", read, mac)).toBeUndefined();
});
