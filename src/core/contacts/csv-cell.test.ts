import { expect, test } from "vitest";
import { csvCell, csvLine } from "./csv-cell.ts";

test.each(["=1+1", "+49 30 123", "-2+3", "@SUM(A1)", "\tx", "\r=1", ' "=1"', "＝1+1", "  =1"])(
  "%j cannot be run as a formula",
  (text) => {
    expect(csvCell(text).replace(/^"/, "")).toMatch(/^'/);
  },
);

test("numbers stay numbers, texts with separators are quoted, nothing else changes", () => {
  expect(csvLine([-5, true, null, "Ana", 'say "hi"', "a,b", "line\nbreak", " x"])).toBe(
    '-5,true,,Ana,"say ""hi""","a,b","line\nbreak"," x"\r\n',
  );
});
