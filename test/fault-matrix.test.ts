import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { faultMatrix } from "./faults/fault-matrix.ts";

const root = join(import.meta.dirname, "..");
const lastRow = 66;

test("the fault matrix has each of its rows once, in order", () => {
  const wanted = Array.from({ length: lastRow }, (_, n) => `F-${String(n + 1).padStart(2, "0")}`);
  expect(faultMatrix.map(({ id }) => id)).toEqual(wanted);
});

test("each row of the fault matrix is played by a test whose title quotes it, or says why not", () => {
  const untrue = faultMatrix.flatMap((row) => {
    if ("notPlayed" in row) return [];
    const quote = new RegExp(`"[^"\\n]*\\b${row.id}\\b[^"\\n]*"`);
    return row.tests
      .filter((file) => !quote.test(readFileSync(join(root, file), "utf8")))
      .map((file) => `${file} does not quote ${row.id}`);
  });
  expect(untrue).toEqual([]);
});

test("the reference lists each row of the fault matrix as it is", () => {
  const page = readFileSync(join(root, "docs/reference/faults.md"), "utf8");
  const missing = faultMatrix.filter(
    (row) => !page.includes(row.id) || !page.includes(row.injected) || !page.includes(row.checked),
  );
  expect(missing.map(({ id }) => id)).toEqual([]);
});
