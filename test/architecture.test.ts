import { spawnSync } from "node:child_process";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { domainOrder } from "../.dependency-cruiser.mjs";

const root = resolve(import.meta.dirname, "..");
const report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** The names of the rules that a tree breaks. */
function brokenRules(tree: string): string[] {
  const program = join(root, "node_modules", ".bin", "depcruise");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, "--config", ".dependency-cruiser.mjs", "--output-type", "json", "src"],
    { cwd: tree, encoding: "utf8", maxBuffer: 100_000_000 },
  );
  if (stdout === "") throw new Error(stderr);
  const { violations } = report.parse(JSON.parse(stdout)).summary;
  return [...new Set(violations.map(({ rule }) => rule.name))].sort();
}

describe("the import walls", () => {
  let tree: string;
  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), "postroad-walls-"));
    for (const file of ["package.json", ".dependency-cruiser.mjs"])
      cpSync(join(root, file), join(tree, file));
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  });
  afterEach(() => rmSync(tree, { recursive: true }));

  function plant(files: Readonly<Record<string, string>>): string[] {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    return brokenRules(tree);
  }

  const log = { "src/server/platform/log.ts": "export type Log = object; export const log = 1;" };
  const journeys = { "src/server/journeys/index.ts": "export const visit = 1;" };

  test("a tree that keeps the rules passes", () => {
    const files = {
      ...log,
      ...journeys,
      "src/core/kernel/result.ts": "import { z } from 'zod'; export const result = z;",
      "src/server/insights/index.ts":
        "import { visit } from '../journeys/index.ts'; import type { Log } from '#server/platform/log.ts'; import { result } from '#core/kernel/result.ts'; export const use = (log: Log) => [log, visit, result];",
    };
    expect(plant(files)).toEqual([]);
  });

  test.each([
    [
      "core-is-pure",
      "src/core/a.ts",
      "import { readFileSync } from 'node:fs'; export const a = readFileSync;",
    ],
    [
      "core-is-pure",
      "src/core/a.ts",
      "import type { Log } from '#server/platform/log.ts'; export type A = Log;",
    ],
    ["core-is-pure", "src/core/a.ts", "export { log } from '../server/platform/log.ts';"],
    ["core-is-pure", "src/core/a.ts", "export const a = () => import('#server/platform/log.ts');"],
    ["core-is-pure", "src/core/a.ts", "import pg from 'pg'; export const a = pg;"],
    [
      "contract-is-data",
      "src/contract/a.ts",
      "import { log } from '#server/platform/log.ts'; export const a = log;",
    ],
    [
      "platform-knows-no-domain",
      "src/server/platform/a.ts",
      "import { visit } from '../journeys/index.ts'; export const a = visit;",
    ],
    [
      "contacts-looks-left",
      "src/server/contacts/a.ts",
      "import { visit } from '../journeys/index.ts'; export const a = visit;",
    ],
    [
      "contacts-looks-left",
      "src/server/contacts/a.ts",
      "import type { visit } from '#server/journeys/index.ts'; export type A = typeof visit;",
    ],
    [
      "through-the-front-door",
      "src/server/insights/a.ts",
      "import { row } from '../journeys/store.ts'; export const a = row;",
    ],
    [
      "domains-are-in-the-order",
      "src/server/a.ts",
      "import { extra } from './billing/index.ts'; export const a = extra;",
    ],
    [
      "server-and-browser-apart",
      "src/server/insights/a.ts",
      "import { Button } from '../../web/ui/Button.tsx'; export const a = Button;",
    ],
    [
      "browser-has-no-server",
      "src/web/home/Home.tsx",
      "import { visit } from '#server/journeys/index.ts'; export const a = <p>{visit}</p>;",
    ],
    [
      "browser-has-no-node",
      "src/web/home/Home.tsx",
      "import { join } from 'node:path'; export const a = <p>{join('a')}</p>;",
    ],
    [
      "ui-is-domain-free",
      "src/web/ui/Card.tsx",
      "import type { Home } from '../home/Other.tsx'; export const a = (h: typeof Home) => <p>{String(h)}</p>;",
    ],
    [
      "web-domains-apart",
      "src/web/news/News.tsx",
      "import { Home } from '../home/Other.tsx'; export const a = <Home />;",
    ],
    [
      "product-without-tests",
      "src/server/insights/a.ts",
      "import { sink } from '#test/sink.ts'; export const a = sink;",
    ],
    [
      "product-without-development-packages",
      "src/server/insights/a.ts",
      "import { test } from 'vitest'; export const a = test;",
    ],
    [
      "resolvable",
      "src/server/insights/a.ts",
      "import { nothing } from './nothing.ts'; export const a = nothing;",
    ],
    ["no-cycles", "src/core/a.ts", "import { b } from './b.ts'; export const a = () => b;"],
  ])("%s: reported for %s with %s", (rule, path, text) => {
    const files = {
      ...log,
      ...journeys,
      "src/server/journeys/store.ts": "export const row = 1;",
      "src/server/billing/index.ts": "export const extra = 1;",
      "src/web/ui/Button.tsx": "export const Button = () => <button type='button' />;",
      "src/web/home/Other.tsx": "export const Home = () => <p />;",
      "test/support/sink.ts": "export const sink = 1;",
      "src/core/b.ts": rule === "no-cycles" ? "import { a } from './a.ts'; export const b = () => a;" : "",
      [path]: text,
    };
    expect(plant(files)).toContain(rule);
  });

  test("the product keeps them", () => {
    expect(brokenRules(root)).toEqual([]);
  });
});

describe("the map in ARCHITECTURE.md", () => {
  test("shows the order of the domains that the walls enforce", () => {
    const line = readFileSync(join(root, "ARCHITECTURE.md"), "utf8")
      .split("\n")
      .find((each) => each.startsWith("`platform ←"));
    expect(line?.replace(/`/g, "").split(" ← ")).toEqual(domainOrder);
  });
});

const sources = globSync("{src,sdk,scripts,bench}/**/*.{ts,tsx}", { cwd: root }).filter(
  (file) => !/node_modules|\.gen\.ts$/.test(file),
);

describe("house style", () => {
  test("no file is named after nothing in particular", () => {
    const empty = /^(utils?|helpers?|common|services?|manager|handlers?|types|constants|misc)\.tsx?$/;
    expect(sources.filter((file) => empty.test(basename(file)))).toEqual([]);
  });

  test("core asks neither the clock nor the dice, and never waits", () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\basync\b|\bawait\b|\bTemporal\.Now\b|\bperformance\./;
    const offenders = sources
      .filter((file) => file.startsWith("src/core/") && !file.endsWith(".test.ts"))
      .filter((file) => impure.test(withoutWords(readFileSync(join(root, file), "utf8"))));
    expect(offenders).toEqual([]);
  });

  test("nothing is silenced: no ignored types or lint, no skipped or focused tests", () => {
    const silenced =
      /@ts-(ignore|nocheck|expect-error)|biome-ignore|eslint-disable|\b(test|it|describe)\.(skip|only|todo)\b/;
    const files = [...sources, ...globSync("test/**/*.ts", { cwd: root })];
    const offenders = files
      .filter((file) => !file.endsWith("architecture.test.ts"))
      .filter((file) => silenced.test(readFileSync(join(root, file), "utf8")));
    expect(offenders).toEqual([]);
  });
});

/** Source without comments and quoted text, roughly: what is left are the words of the program. */
function withoutWords(source: string): string {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
}
