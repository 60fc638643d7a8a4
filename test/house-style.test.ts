import { globSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { errorCatalogue } from "#contract/errors.ts";
import { domainOrder } from "../.dependency-cruiser.mjs";

const root = resolve(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const found = (...patterns: string[]) =>
  globSync(patterns, { cwd: root })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !/(^|\/)node_modules\/|\.gen\.ts$|^test\/house-style\.test\.ts$/.test(file));

const product = found("{src,sdk,scripts,bench}/**/*.{ts,tsx,mjs}");
const sources = [...product, ...found("test/**/*.ts", "*.{ts,mjs}")];
const isTest = (file: string) => /\.(test|e2e)\.tsx?$|^test\//.test(file);

/** Source without comments and quoted text, roughly: what is left are the words of the program. */
const withoutWords = (source: string) => withoutComments(source).replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
const withoutComments = (source: string) =>
  source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");

describe("names", () => {
  test("no file or folder is named after nothing in particular", () => {
    const drawers =
      /^(utils?|helpers?|common|shared|misc|lib|services?|managers?|handlers?|types|interfaces|constants)$/;
    const offenders = sources.filter((file) =>
      file.split("/").some((part) => drawers.test(part.replace(/(\.test)?\.(tsx?|mjs)$/, ""))),
    );
    expect(offenders).toEqual([]);
  });

  const folders = (path: string) =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);

  test("the rooms of the server are the domains of ARCHITECTURE.md", () => {
    expect(folders("src/server").sort()).toEqual([...domainOrder].sort());
  });

  test.each([
    // What decides but is no domain of the server.
    ["src/core", ["kernel", "check", "mime", "smtp", "template"]],
    // The app itself, what is domain-free, the first page, pages without a session, and a part of `pages`.
    ["src/web", ["app", "ui", "home", "public", "settings", "events"]],
  ])("a domain has the same name in %s as on the server", (room, others) => {
    expect(folders(room).filter((name) => !domainOrder.includes(name) && !others.includes(name))).toEqual([]);
  });

  test("a domain has the same name in the contract as on the server", () => {
    const machinery = ["api", "errors", "openapi", "route", "routes"];
    const partsOfDomains = {
      events: "pages",
      imports: "contacts",
      "sending-domains": "senders",
      topics: "consent",
    };
    const names = readdirSync(join(root, "src/contract"))
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => basename(file, ".ts"));
    const known = [...domainOrder, ...machinery, ...Object.keys(partsOfDomains)];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("size", () => {
  const limits = { product: 250, test: 400 };
  /** Files that may be longer, and why. */
  const reasons: Readonly<Record<string, string>> = {
    "src/contract/access.ts": "schemas and routes of one domain: a table that is read by the entry",
    "src/contract/delivery.ts": "schemas and routes of one domain: a table",
    "src/contract/errors.ts": "the catalogue: a table",
    "src/contract/journeys.ts": "schemas and routes of one domain: a table",
    "src/contract/messages.ts": "schemas and routes of one domain: a table",
    "src/contract/segments.ts": "schemas and routes of one domain: a table",
    "src/core/messages/html-scanner.ts":
      "one state machine after the HTML standard; its states share the cursor",
    "src/server/pages/pages.test.ts": "one world with mail that was really received, for all public pages",
  };
  const linesOf = (file: string) =>
    withoutComments(read(file))
      .split("\n")
      .filter((line) => line.trim() !== "").length;
  const isLong = (file: string) => linesOf(file) > (isTest(file) ? limits.test : limits.product);

  test("no file has more lines of code than fit into a head, except for a reason", () => {
    const offenders = sources.filter((file) => isLong(file) && !(file in reasons));
    expect(offenders.map((file) => `${file}: ${linesOf(file)}`)).toEqual([]);
  });

  test("no reason outlives its file's length", () => {
    expect(Object.keys(reasons).filter((file) => !sources.includes(file) || !isLong(file))).toEqual([]);
  });
});

describe("sources", () => {
  test("core asks neither the clock nor the dice, and never waits", () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\basync\b|\bawait\b|\bTemporal\.Now\b|\bperformance\./;
    const offenders = product.filter(
      (file) => file.startsWith("src/core/") && !isTest(file) && impure.test(withoutWords(read(file))),
    );
    expect(offenders).toEqual([]);
  });

  test("nothing is silenced: no ignored types or lint, no skipped or focused tests", () => {
    const silenced =
      /@ts-(ignore|nocheck|expect-error)|biome-ignore|eslint-disable|\b(test|it|describe)(\.\w+)*\.(skip|only|todo|fails|skipIf)\b/;
    expect(sources.filter((file) => silenced.test(read(file)))).toEqual([]);
  });

  test("the linter refuses any and non-null assertions everywhere", () => {
    const { linter, overrides } = JSON.parse(read("biome.json"));
    expect(linter.rules).toMatchObject({
      suspicious: { noExplicitAny: "error" },
      style: { noNonNullAssertion: "error" },
    });
    expect(overrides).toEqual([]);
  });

  const texts = [
    ...sources,
    ...found(
      "{docs,db,src,test,sdk,bench}/**/*.{md,sql,json,css,html}",
      "*.{md,json}",
      ".ci/*",
      "sdk/*.json",
    ),
  ].filter((file) => file !== "package-lock.json");

  test("nothing is put off: no TODO or FIXME", () => {
    expect(texts.filter((file) => /\b(TODO|FIXME|XXX)\b/.test(read(file)))).toEqual([]);
  });

  test("nothing names a folder of the machine it was written on", () => {
    const machine = /(?<![\w.~/])\/(work|root)\/\w|(?<![\w.~/])\/(home|Users)\/\w+\/|\b[A-Z]:\\\\?Users\\/;
    expect(texts.filter((file) => machine.test(read(file)))).toEqual([]);
  });
});

describe("the error catalogue", () => {
  test("every code is used by the product", () => {
    const users = product.filter((file) => !isTest(file) && file !== "src/contract/errors.ts");
    const code = users.map((file) => withoutComments(read(file))).join("\n");
    expect(Object.keys(errorCatalogue).filter((each) => !code.includes(`"${each}"`))).toEqual([]);
  });
});
