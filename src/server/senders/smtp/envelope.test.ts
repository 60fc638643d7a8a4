import fc from "fast-check";
import { expect, test } from "vitest";
import { makeEnvelope } from "./envelope.ts";

const to = (address: string) => makeEnvelope("from@sender.test", address);

test("64 bytes fit before the @ and 65 do not", () => {
  expect(to(`${"a".repeat(64)}@example.com`).ok).toBe(true);
  expect(to(`${"a".repeat(65)}@example.com`).ok).toBe(false);
  expect(to(`${"ü".repeat(33)}@example.com`).ok).toBe(false);
});

test("254 bytes fit in all and 255 do not", () => {
  const domain = (length: number) => `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(length - 128)}`;
  expect(to(`${"x".repeat(64)}@${domain(189)}`).ok).toBe(true);
  expect(to(`${"x".repeat(64)}@${domain(190)}`).ok).toBe(false);
});

test.each([
  "no-at",
  "@example.com",
  "a b@example.com",
  "a@example.com> SIZE=1",
  "a>@example.com",
  "a\r\nRCPT TO:<b@example.com>@example.com",
  "a@exa\r\nmple.com",
  "a\0@example.com",
  '"a b"@example.com',
  "a..b@example.com",
  ".a@example.com",
  "a@-example.com",
  "a@example..com",
  "a@exam ple.com",
  "a@b@example.com",
  "a\u2028@example.com",
  "a\u200b@example.com",
])("%j does not pass", (address) => {
  expect(to(address).ok).toBe(false);
});

test("[D13] F-56: no address whatever can end its brackets or its line", () => {
  const nasty = fc.string({
    unit: fc.oneof(
      fc.constantFrom(...'\r\n\0<> "\\@.:;ab'),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(nasty, nasty, (local, domain) => {
      const envelope = to(`${local}@${domain}`);
      if (envelope.ok) expect(envelope.value.to).toMatch(/^[^\s<>\p{Cc}]+@[a-z0-9.-]+$/u);
    }),
    { numRuns: 2000 },
  );
});
