import { domainToASCII } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readAddress } from "./address.ts";

const read = (text: string) => readAddress(text, domainToASCII);
const keyOf = (text: string) => {
  const address = read(text);
  return address.ok ? address.value.key : address.error;
};

test.each([
  [" Ana.Ruiz@Example.COM ", "Ana.Ruiz@Example.COM", "ana.ruiz@example.com"],
  ["o'neil+news@sub.example.co.uk", "o'neil+news@sub.example.co.uk", "o'neil+news@sub.example.co.uk"],
  ["jörg@example.de", "jörg@example.de", "jörg@example.de"],
  ["用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v", "用户@xn--fsqu00a.xn--4rr70v"],
  ["ana@MÜNCHEN.de", "ana@xn--mnchen-3ya.de", "ana@xn--mnchen-3ya.de"],
  ["ana@xn--mnchen-3ya.de", "ana@xn--mnchen-3ya.de", "ana@xn--mnchen-3ya.de"],
  [`${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`, `${"a".repeat(64)}@example.com`],
])("%s is an address", (text, email, key) => {
  expect(read(text)).toEqual({ ok: true, value: { email, key } });
});

test.each([
  "",
  "ana",
  "@example.com",
  "ana@",
  "ana@localhost",
  "ana@example..com",
  "ana@-example.com",
  "ana@example.com.",
  "ana@127.0.0.1",
  "ana@[127.0.0.1]",
  "ana..ruiz@example.com",
  ".ana@example.com",
  "ana.@example.com",
  "ana ruiz@example.com",
  '"ana ruiz"@example.com',
  "Ana <ana@example.com>",
  "ana@example.com,bob@example.com",
  "ana@example.com\r\nBcc: bob@example.com",
  "ana\u0000@example.com",
  "ana\u200b@example.com",
  "ana@exam ple.com",
  `${"a".repeat(65)}@example.com`,
  `${"ü".repeat(33)}@example.com`,
  `ana@${"a".repeat(64)}.com`,
  `ana@${`${"a".repeat(50)}.`.repeat(5)}com`,
])("%j is refused with a sentence", (text) => {
  expect(read(text)).toEqual({ ok: false, error: expect.stringMatching(/^The(re| ).*\.$/) });
});

test("precomposed and decomposed spellings are the same address", () => {
  expect(keyOf("jo\u0308rg@example.de")).toBe(keyOf("jörg@example.de"));
  expect(keyOf("ana@mu\u0308nchen.de")).toBe(keyOf("ana@münchen.de"));
});

test("reading what was read changes nothing, and the key is its own key", () => {
  const part = fc.stringMatching(/^[a-zA-Z0-9äßñ_+-]{1,12}$/);
  fc.assert(
    fc.property(part, part, (local, domain) => {
      const address = read(`${local}@${domain}.example`);
      if (!address.ok) return;
      expect(read(address.value.email)).toEqual(address);
      expect(keyOf(address.value.key)).toBe(address.value.key);
    }),
  );
});

test("no text, however long or strange, takes long or throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => void read(text)));
  for (const text of [
    "a.".repeat(50_000),
    `a@${"a-".repeat(50_000)}`,
    `${"a+".repeat(30)}!@${"b.".repeat(20)}`,
  ])
    expect(read(text).ok).toBe(false);
});
