import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { relaxedBodyHash } from "./canonical.ts";

/** RFC 6376, section 3.4.4, as it is written there. */
function relaxedByTheBook(body: string): string {
  const lines = body
    .replace(/[ \t]+/g, " ")
    .replace(/ (?=\r\n|$)/g, "")
    .replace(/(\r\n)+$/, "");
  return lines === "" ? "" : `${lines}\r\n`;
}

test("a body is hashed in relaxed form, whether it has this form already or not", () => {
  const pieces = fc.constantFrom("a", "b", " ", "\t", "\r\n", "long words");
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 30 }),
      fc.boolean(),
      fc.nat({ max: 9 }),
      (parts, ends, before) => {
        const body = `${parts.join("")}${ends ? "end\r\n" : ""}`;
        const bytes = Buffer.from(`${"x".repeat(before)}${body}`, "latin1");
        const expected = hash("sha256", relaxedByTheBook(body), "base64");
        expect(relaxedBodyHash(bytes, before, bytes.length)).toBe(expected);
      },
    ),
    { numRuns: 2000 },
  );
});
