import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeHtml, plainText } from "../template/escape.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { writeHarmless, writeQuotedPrintable } from "./quoted-printable.ts";

function encode(...runs: string[]): string {
  const out = new ByteBuffer(16);
  for (const run of runs) writeQuotedPrintable(out, run);
  return Buffer.from(out.view()).toString("latin1");
}

/** Decodes as RFC 2045 says, independently of the encoder. */
function decode(encoded: string): string {
  const bytes = encoded
    .replace(/=\r\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8").replace(/\r\n/g, "\n");
}

const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(..." .=\n\tä€😀a"),
      fc.nat(0xffff).map((code) => String.fromCharCode(code).replace("\r", "")),
      fc.string(),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join("").replace(/\r/g, ""));

test("what is encoded in runs decodes to the same text", () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 8 }), (runs) => {
      // Each run stands for itself: halves of a pair that meet only at a seam stay halves.
      expect(decode(encode(...runs))).toBe(runs.map((run) => run.toWellFormed()).join(""));
    }),
    { numRuns: 500 },
  );
});

test("every line is 7-bit, at most 76 long, without a dot in front or white space at its end", () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 8 }), (runs) => {
      const encoded = encode(...runs);
      expect(encoded === "" || encoded.endsWith("\r\n")).toBe(true);
      for (const line of encoded.split("\r\n")) {
        expect(line).toMatch(/^[\x20-\x7e]{0,76}$/);
        expect(line).not.toMatch(/^\.|\s$/);
      }
    }),
    { numRuns: 500 },
  );
});

test("a run leaves the buffer at the start of a line, and a run that ends in a line break needs no soft one", () => {
  expect(encode("a", "b\n", "c")).toBe("a=\r\nb\r\nc=\r\n");
});

test("half a surrogate pair becomes the replacement character", () => {
  expect(decode(encode("a\ud800b\udc00"))).toBe("a\ufffdb\ufffd");
});

test("a value written in one pass is what escaping and encoding would have made of it, for HTML and for plain text", () => {
  const short = fc.string({
    unit: fc.constantFrom(..."az .=&<>\"'\t\n\r\u0085\u00a0\u00e4\u20ac\ud800"),
    maxLength: 80,
  });
  fc.assert(
    fc.property(fc.oneof(short, fc.string({ unit: "grapheme" }), fc.constant("a".repeat(75))), (value) => {
      const out = new ByteBuffer(16);
      if (!writeHarmless(out, value)) {
        expect(out.length).toBe(0);
        return;
      }
      const written = Buffer.from(out.view()).toString("latin1");
      expect(written).toBe(encode(escapeHtml(value)));
      expect(written).toBe(encode(plainText(value)));
    }),
    { numRuns: 1000 },
  );
});
