import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { domainOrder } from "../.dependency-cruiser.mjs";

const root = resolve(import.meta.dirname, "..");
const report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

type Violation = { readonly from: string; readonly rule: string };

function violationsIn(tree: string): Violation[] {
  const program = join(root, "node_modules", ".bin", "depcruise");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, "--config", ".dependency-cruiser.mjs", "--output-type", "json", "src"],
    { cwd: tree, encoding: "utf8", maxBuffer: 100_000_000 },
  );
  if (stdout === "") throw new Error(stderr);
  const { violations } = report.parse(JSON.parse(stdout)).summary;
  return violations.map(({ from, rule }) => ({ from, rule: rule.name }));
}

/** A small product that keeps every rule. */
const faithful = {
  "src/server/platform/log.ts": "export type Log = object; export const log = 1;",
  "src/server/journeys/index.ts": "export const visit = 1;",
  "src/server/journeys/store.ts": "export const row = 1;",
  "src/server/billing/index.ts": "export const extra = 1;",
  "src/web/ui/Button.tsx": "export const Button = () => <button type='button' />;",
  "src/web/home/Home.tsx": "export const Home = () => <p />;",
  "src/core/kernel/result.ts": "import { z } from 'zod'; export const result = z;",
  "src/server/insights/index.ts":
    "import { visit } from '../journeys/index.ts'; import type { Log } from '#server/platform/log.ts'; " +
    "import { result } from '#core/kernel/result.ts'; export const use = (log: Log) => [log, visit, result];",
  "test/support/sink.ts": "export const sink = 1;",
};

/** Each file breaks the rule it stands beside. */
const breaches: readonly (readonly [rule: string, path: string, text: string])[] = [
  [
    "core-is-pure",
    "src/core/node.ts",
    "import { readFileSync } from 'node:fs'; export const a = readFileSync;",
  ],
  [
    "core-is-pure",
    "src/core/type.ts",
    "import type { Log } from '#server/platform/log.ts'; export type A = Log;",
  ],
  ["core-is-pure", "src/core/again.ts", "export { log } from '../server/platform/log.ts';"],
  ["core-is-pure", "src/core/late.ts", "export const a = () => import('#server/platform/log.ts');"],
  ["core-is-pure", "src/core/package.ts", "import pg from 'pg'; export const a = pg;"],
  [
    "template-language-stands-alone",
    "src/core/template/a.ts",
    "import { a } from '../package.ts'; export const b = a;",
  ],
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
    "src/server/contacts/type.ts",
    "import type { visit } from '#server/journeys/index.ts'; export type A = typeof visit;",
  ],
  [
    "through-the-front-door",
    "src/server/insights/a.ts",
    "import { row } from '../journeys/store.ts'; export const a = row;",
  ],
  [
    "domains-are-in-the-order",
    "src/server/extra.ts",
    "import { extra } from './billing/index.ts'; export const a = extra;",
  ],
  [
    "joined-in-one-place",
    "src/server/insights/joined.ts",
    "import { a } from '../compose.ts'; export const b = a;",
  ],
  [
    "server-and-browser-apart",
    "src/server/insights/web.ts",
    "import { Button } from '../../web/ui/Button.tsx'; export const a = Button;",
  ],
  [
    "browser-has-no-server",
    "src/web/home/Server.tsx",
    "import { visit } from '#server/journeys/index.ts'; export const a = <p>{visit}</p>;",
  ],
  [
    "browser-has-no-node",
    "src/web/home/Node.tsx",
    "import { join } from 'node:path'; export const a = <p>{join('a')}</p>;",
  ],
  [
    "ui-is-domain-free",
    "src/web/ui/Card.tsx",
    "import type { Home } from '../home/Home.tsx'; export const a = (h: typeof Home) => <p>{String(h)}</p>;",
  ],
  [
    "web-domains-apart",
    "src/web/news/News.tsx",
    "import { Home } from '../home/Home.tsx'; export const a = <Home />;",
  ],
  [
    "product-without-tests",
    "src/server/insights/test.ts",
    "import { sink } from '#test/sink.ts'; export const a = sink;",
  ],
  [
    "product-without-development-packages",
    "src/server/insights/dev.ts",
    "import { test } from 'vitest'; export const a = test;",
  ],
  [
    "resolvable",
    "src/server/insights/nowhere.ts",
    "import { nothing } from './nothing.ts'; export const a = nothing;",
  ],
  ["no-cycles", "src/core/round.ts", "import { b } from './trip.ts'; export const a = () => b;"],
];

const companions = {
  "src/core/trip.ts": "import { a } from './round.ts'; export const b = () => a;",
  "src/server/compose.ts": "export const a = 1;",
};

/** Plants files in an empty tree with this project's configuration, and gives what the walls report. */
function plant(files: Readonly<Record<string, string>>): Violation[] {
  const tree = mkdtempSync(join(tmpdir(), "postroad-walls-"));
  try {
    for (const file of ["package.json", ".dependency-cruiser.mjs"])
      cpSync(join(root, file), join(tree, file));
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    return violationsIn(tree);
  } finally {
    rmSync(tree, { recursive: true });
  }
}

describe("the import walls", () => {
  let found: Violation[] = [];
  beforeAll(() => {
    const planted = Object.fromEntries(breaches.map(([, path, text]) => [path, text]));
    found = plant({ ...faithful, ...companions, ...planted });
  });

  test("a tree that keeps the rules passes", () => {
    expect(plant(faithful)).toEqual([]);
  });

  test.each(breaches)("%s is reported for %s", (rule, path) => {
    expect(found).toContainEqual({ from: path, rule });
  });

  test("the product keeps them", () => {
    expect(violationsIn(root)).toEqual([]);
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
