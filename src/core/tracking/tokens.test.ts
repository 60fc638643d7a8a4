import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Mac, mintTokens, purposes, readToken } from "./tokens.ts";

const mac: Mac = (kid, input) =>
  kid === 7 ? createHmac("sha512", "a key of this test").update(input).digest() : undefined;
const deliveryId = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String);

test("a token gives back its delivery for its own purpose and for no other", () => {
  fc.assert(
    fc.property(deliveryId, (id) => {
      const tokens = mintTokens(id, 7, mac);
      for (const made of purposes)
        for (const asked of purposes)
          expect(readToken(tokens[made], asked, mac)?.deliveryId).toBe(made === asked ? id : undefined);
    }),
  );
});

test("a token with any one character changed is refused", () => {
  fc.assert(
    fc.property(deliveryId, fc.nat(33), fc.constantFrom(..."Az09-_"), (id, place, character) => {
      const { read } = mintTokens(id, 7, mac);
      const changed = read.slice(0, place) + character + read.slice(place + 1);
      expect(readToken(changed, "read", mac)?.deliveryId).toBe(changed === read ? id : undefined);
    }),
  );
});

test("a bounce token survives a change of case", () => {
  const { bounce } = mintTokens("1024", 7, mac);
  expect(readToken(bounce.toUpperCase(), "bounce", mac)?.deliveryId).toBe("1024");
  expect(bounce.length).toBeLessThan(64);
});

test("an unknown key is refused", () => {
  const { read } = mintTokens("5", 7, mac);
  expect(readToken(`CA${read.slice(2)}`, "read", mac)).toBeUndefined();
});
