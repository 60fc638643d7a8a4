import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64Url, type Mac, mintTokens, purposes, readToken, toBase64Url } from "./tokens.ts";

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

test("ids come back whole on both sides of what a number can hold", () => {
  for (const id of ["1", "1025", "9007199254740991", "9007199254740992", "9223372036854775807"])
    expect(readToken(mintTokens(id, 7, mac).read, "read", mac)?.deliveryId).toBe(id);
});

test("base64url is read in its one form only", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
    }),
  );
  for (const text of ["A", "AB", "AAAAA", "AA==", "AA+A", "AA/A", "AAé", "A A"])
    expect(fromBase64Url(text)).toBeUndefined();
});

test("[T31] a million forged tokens are all refused", { timeout: 120_000 }, () => {
  const made = mintTokens("123456789", 7, mac).read;
  const head = made.slice(0, 12);
  // The tag of this one head is computed once: what is tried is telling tags apart, not the hash.
  const bytes = fromBase64Url(head) ?? new Uint8Array();
  const tags = mac(7, bytes);
  const quick: Mac = (kid, input) =>
    input.every((byte, place) => byte === bytes[place]) ? tags : mac(kid, input);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  let state = 0x2545_f491;
  const dice = (sides: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % sides;
  };
  let forged = 0;
  for (let tries = 0; tries < 1_000_000; tries++) {
    const changed = [...made];
    const isHead = tries % 20 === 0;
    for (let changes = 1 + dice(4); changes > 0; changes--)
      changed[isHead ? dice(12) : 12 + dice(22)] = alphabet[dice(64)] ?? "";
    if (tries % 50 === 1) changed.splice(dice(34), 1 + dice(3));
    const text = changed.join("");
    if (text !== made && readToken(text, "read", quick) !== undefined) forged++;
  }
  expect(forged).toBe(0);
  expect(readToken(made, "read", quick)?.deliveryId).toBe("123456789");
});
