import fc from "fast-check";
import { expect, test } from "vitest";
import { HttpAnswers } from "./http-answers.ts";
import { quantile } from "./quantile.ts";

test("however answers are cut, each is told once, with its status, at its last byte", () => {
  const answers = [
    { status: 302, text: "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: https://a.test/\r\n\r\n" },
    { status: 200, text: "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx: content-length\r\n\r\n\r\n\r\n!" },
    { status: 503, text: "HTTP/1.1 503 Later\r\nA: b\r\ncontent-length: 3\r\n\r\nout" },
  ];
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 })), (sizes) => {
      const reader = new HttpAnswers();
      for (const { status, text } of answers) {
        const bytes = Buffer.from(text, "latin1");
        const told: number[] = [];
        const cuts = sizes.values();
        for (let at = 0; at < bytes.length; ) {
          const to = at + (cuts.next().value ?? bytes.length);
          const answer = reader.take(bytes.subarray(at, to));
          at = Math.min(to, bytes.length);
          if (answer !== undefined) {
            told.push(answer);
            expect(at).toBe(bytes.length);
          }
        }
        expect(told).toEqual([status]);
      }
    }),
  );
});

test("an answer without a length is not guessed at", () => {
  expect(() => new HttpAnswers().take(Buffer.from("HTTP/1.1 200 OK\r\n\r\n"))).toThrow("how long");
});

test("a quantile is a value that is exceeded by no more than the rest", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (given, share) => {
        const value = quantile(Float64Array.from(given).sort(), share);
        expect(given).toContain(value);
        expect(given.filter((each) => each <= value).length).toBeGreaterThanOrEqual(given.length * share);
        expect(given.filter((each) => each < value).length).toBeLessThan(given.length * share);
      },
    ),
  );
  expect(quantile(new Float64Array(), 0.5)).toBeNaN();
});
