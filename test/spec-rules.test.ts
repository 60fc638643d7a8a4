import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** A rule is defined in bold at the beginning of its item: **[D3]**. */
const defined = globSync("docs/spec/*.md", { cwd: root }).flatMap((file) =>
  [...read(file).matchAll(/\*\*\[([A-Z]{1,2}\d+)\]\*\*/g)].map(([, rule = ""]) => rule),
);

/** Names of tests quote it in brackets, as comments in sources and SQL do. */
const quotes = globSync("{src,sdk,test,bench,db}/**/*.{ts,tsx,sql}", { cwd: root })
  .filter((file) => !/node_modules|spec-rules/.test(file))
  .flatMap((file) =>
    [...read(file).matchAll(/(?<!\w)\[([A-Z]{1,2}-?\d+)\]/g)].map(([, rule = ""]) => ({ file, rule })),
  );

test("no two rules of docs/spec have one number", () => {
  expect(defined.filter((rule, place) => defined.indexOf(rule) !== place)).toEqual([]);
});

test("every rule that is quoted exists", () => {
  expect(quotes.filter(({ rule }) => !defined.includes(rule))).toEqual([]);
});

test("rules that no test quotes are listed", () => {
  const proved = new Set(
    quotes.filter(({ file }) => /\.(test|e2e)\.tsx?$/.test(file)).map(({ rule }) => rule),
  );
  const unproved = defined.filter((rule) => !proved.has(rule));
  if (unproved.length > 0) console.log(`No test quotes ${unproved.join(", ")}.`);
  expect(unproved.length).toBeLessThan(defined.length);
});
