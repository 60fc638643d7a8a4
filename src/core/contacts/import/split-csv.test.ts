import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { splitCsv } from "./split-csv.ts";

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "é", " ", '"', ",", ";", "\n", "\r\n", "😀"), maxLength: 6 }),
  fc.string({ maxLength: 8 }).map((text) => text.replaceAll("\r", "")),
);
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

function write(rows: readonly string[][], delimiter: string, lineEnd: string, always: boolean): string {
  const one = (text: string) => (always || text === "" || /[",;\r\n]/.test(text) ? quoted(text) : text);
  return rows.map((row) => row.map(one).join(delimiter) + lineEnd).join("");
}

test("what was written comes back, and csv-parse reads the same", () => {
  fc.assert(
    fc.property(
      table,
      fc.constantFrom(",", ";"),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      (rows, delimiter, end, always) => {
        const text = write(rows, delimiter, end, always);
        expect(splitCsv(text, delimiter, true)).toEqual({ rows, rest: text.length });
        expect(parse(text, { delimiter, record_delimiter: [end] })).toEqual(rows);
      },
    ),
    { numRuns: 500 },
  );
});

test("a file read in pieces gives the same rows as the whole, wherever it is cut", () => {
  fc.assert(
    fc.property(table, fc.constantFrom("\n", "\r\n"), fc.nat(40), (rows, end, size) => {
      const text = write(rows, ",", end, false);
      const found: string[][] = [];
      let pending = "";
      for (let at = 0; at < text.length; at += size + 1) {
        pending += text.slice(at, at + size + 1);
        const isEnd = at + size + 1 >= text.length;
        const { rows: some, rest } = splitCsv(pending, ",", isEnd);
        found.push(...some);
        pending = pending.slice(rest);
      }
      expect(found).toEqual(rows);
      expect(pending).toBe("");
    }),
    { numRuns: 500 },
  );
});

test("unquoted text of any kind never loses a character but line ends", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r\n"), maxLength: 30 }), (text) => {
      const { rows, rest } = splitCsv(text, ",", true);
      expect(rest).toBe(text.length);
      const letters = (of: string) => of.replace(/[^a]/g, "");
      expect(letters(rows.flat().join(""))).toBe(letters(text));
    }),
  );
});

test.each<[string, string[][]]>([
  ['say "hi",x\n', [['say "hi"', "x"]]],
  ['"a"b,c\n', [["ab", "c"]]],
  ["a,b", [["a", "b"]]],
  [
    "a,b\n\n\r\nc,d\n",
    [
      ["a", "b"],
      ["c", "d"],
    ],
  ],
  [",\n", [["", ""]]],
  ['"open,\nx', [["open,\nx"]]],
])("%j is forgiven", (text, rows) => {
  expect(splitCsv(text, ",", true).rows).toEqual(rows);
});

test("a row that does not end yet is left for the next piece", () => {
  expect(splitCsv("a,b\nc", ",", false)).toEqual({ rows: [["a", "b"]], rest: 4 });
  expect(splitCsv('a,b\n"c\nd', ",", false)).toEqual({ rows: [["a", "b"]], rest: 4 });
  expect(splitCsv('"c"', ",", false)).toEqual({ rows: [], rest: 0 });
});
