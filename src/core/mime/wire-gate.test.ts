import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areSoundLines, wireGate } from "./wire-gate.ts";

const headers = [
  "From: a@example.org",
  "To: b@example.org",
  "Subject: x",
  "Date: Mon, 05 Jan 2026 07:08:09 +0000",
  "Message-ID: <1@example.org>",
  "MIME-Version: 1.0",
  "Content-Type: text/plain",
];

/** Runs the gate over headers and a body that are joined as they are. */
function gate(body: string, head: readonly string[] = headers, terminator = ".\r\n") {
  const start = `${head.join("\r\n")}\r\n\r\n`;
  const bytes = Buffer.from(start + body + terminator, "latin1");
  // A copy of its own, because small buffers share one block of memory and then start anywhere.
  return wireGate(new Uint8Array(bytes), {
    bodyStart: start.length,
    end: start.length + body.length,
    wireEnd: start.length + body.length + terminator.length,
  });
}

test("a sound message passes", () => {
  expect(gate("Hello\r\nyou\r\n")).toEqual([]);
});

test("a sound message passes wherever it lies in memory", () => {
  const start = `${headers.join("\r\n")}\r\n\r\n`;
  for (let shift = 0; shift < 8; shift++) {
    const memory = new Uint8Array(start.length + 64);
    const bytes = memory.subarray(shift);
    bytes.set(Buffer.from(`${start}Hello\r\n.\r\n`));
    const bounds = { bodyStart: start.length, end: start.length + 7, wireEnd: start.length + 10 };
    expect(wireGate(bytes, bounds)).toEqual([]);
    bytes[start.length + 2] = 10;
    expect(wireGate(bytes, bounds)).toEqual(["bare-lf"]);
  }
});

describe("what must not go on the wire is found", () => {
  test.each([
    ["bare-cr", "a\rb\r\n"],
    ["bare-lf", "a\nb\r\n"],
    ["nul", "a\0b\r\n"],
    ["not-7-bit", "a\xe4b\r\n"],
    ["line-too-long", `${"x".repeat(999)}\r\n`],
    ["dot-at-line-start", "a\r\n.b\r\n"],
    ["terminator", "a"],
    // SMTP smuggling: ends of data in other spellings (SEC Consult, 2023).
    ["bare-lf", "a\n.\nb\r\n"],
    ["bare-lf", "a\n.\r\nb\r\n"],
    ["bare-cr", "a\r.\rb\r\n"],
    ["bare-cr", "a\r.\r\nb\r\n"],
    ["dot-at-line-start", "a\r\n.\r\nb\r\n"],
  ])("%s", (violation, body) => {
    expect(gate(body)).toContain(violation);
  });

  test("a line of 998 passes", () => {
    expect(gate(`${"x".repeat(998)}\r\n`)).toEqual([]);
  });

  test.each(["From", "to", "SUBJECT", "Message-ID", "List-Unsubscribe"])("a second %s", (name) => {
    expect(gate("x\r\n", [...headers, `${name}: a`, `${name}: b`])).toContain("header-repeated");
  });

  test("a missing Date", () => {
    expect(
      gate(
        "x\r\n",
        headers.filter((header) => !header.startsWith("Date")),
      ),
    ).toEqual(["header-missing"]);
  });

  test.each(["no colon here", ": no name", "bad name: x", "Näme: x"])("the header line %j", (header) => {
    expect(gate("x\r\n", [...headers, header]).length).toBeGreaterThan(0);
  });

  test("a wrong terminator", () => {
    expect(gate("x\r\n", headers, "..\n")).toContain("terminator");
  });
});

test("any single byte changed to a control or 8-bit byte is noticed, wherever it is", () => {
  const body = `${"The quick brown fox jumps over the lazy dog. ".repeat(3)}\r\n`.repeat(5);
  fc.assert(
    fc.property(fc.nat(body.length - 3), fc.constantFrom("\r", "\n", "\0", "\x80", "\xff"), (at, byte) => {
      if (/[\r\n]/.test(body.slice(at, at + 2))) return;
      expect(gate(body.slice(0, at) + byte + body.slice(at + 1))).not.toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test("lines are called sound just where the gate finds nothing in them", () => {
  const piece = fc.constantFrom(
    "a",
    "b c",
    "=",
    ".",
    "\r\n",
    "\r\n",
    "\r\n.",
    "\r",
    "\n",
    "\0",
    "\xe4",
    "x".repeat(997),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const lines = `${pieces.join("")}\r\n`;
      // A dot in front is told by the gate only behind a line of the body.
      expect(areSoundLines(Buffer.from(lines, "latin1"))).toBe(gate(`x\r\n${lines}`).length === 0);
    }),
    { numRuns: 1000 },
  );
});

test("a proven run that does not begin or end a line is not trusted", () => {
  const start = `${headers.join("\r\n")}\r\n\r\n`;
  const bytes = new Uint8Array(Buffer.from(`${start}ab\r\ncd\n\r\n.\r\n`));
  const bounds = { bodyStart: start.length, end: start.length + 9, wireEnd: start.length + 12 };
  const look = (from: number, to: number) =>
    wireGate(bytes, { ...bounds, proven: { bounds: [start.length + from, start.length + to], length: 2 } });
  expect(look(0, 4)).toEqual(["bare-lf"]);
  expect(look(4, 7)).toEqual(["bare-lf"]);
  expect(look(5, 9)).toEqual(["bare-lf"]);
  expect(look(4, 40)).toEqual(["bare-lf"]);
});
