import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measurePace, paceFigures } from "./support/machine-pace.ts";
import { describeMachine, type Report, showReport } from "./support/report.ts";
import { resultSchema, toMarkdown } from "./support/tables.ts";

type Scenario = {
  readonly summary: string;
  readonly load: () => Promise<(args: readonly string[]) => Promise<Report>>;
};

/** Each scenario measures on a product of its own, in a new directory, and says what work was done. */
const scenarios: Readonly<Record<string, Scenario>> = {
  send: {
    summary:
      "send a letter to 1,000,000 contacts with the full ledger (--contacts N, --processes P, --connections C, --signed none|rsa|ed25519, --everyday N)",
    load: async () => (await import("./scenarios/send.ts")).measureSend,
  },
  memory: {
    summary:
      "the sender's memory for mailings of several sizes (--sizes 10000,100000,1000000, --processes P, --connections C)",
    load: async () => (await import("./scenarios/memory.ts")).measureMemory,
  },
  journey: {
    summary: "move 1,000,000 contacts through start, send, wait and trigger, tile by tile (--contacts N)",
    load: async () => (await import("./scenarios/journey.ts")).measureJourney,
  },
  track: {
    summary: "answer beacons and links, each kept on the disk first, and find every hit again (--requests N)",
    load: async () => (await import("./scenarios/track.ts")).measureTracking,
  },
  segment: {
    summary: "count and sample ten segments (--contacts N, --interactions N)",
    load: async () => (await import("./scenarios/segment.ts")).measureSegments,
  },
  import: {
    summary: "import a CSV of 1,000,000 rows (--contacts N)",
    load: async () => (await import("./scenarios/import.ts")).measureImport,
  },
  story: {
    summary: "import, segment and send to 1,000,000 contacts through a journey (--contacts N, --unsigned)",
    load: async () => (await import("./scenarios/story.ts")).measureStory,
  },
  render: {
    summary: "make one personalised 30 KB message after another, without sending (--messages N)",
    load: async () => (await import("./scenarios/render.ts")).measureRender,
  },
};

const [name = "help", ...args] = process.argv.slice(2);
const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
const directory = join(import.meta.dirname, "results");
if (name === "tables") {
  const results = globSync("*.json", { cwd: directory }).toSorted();
  const read = (file: string) => resultSchema.parse(JSON.parse(readFileSync(join(directory, file), "utf8")));
  console.log(results.map((file) => toMarkdown(read(file))).join("\n\n"));
} else if (scenario) {
  const measure = await scenario.load();
  const before = measurePace();
  const measured = await measure(args);
  const report = { ...measured, figures: [...measured.figures, ...paceFigures(before, measurePace())] };
  console.log(showReport(report));
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${[name, ...(measured.variant ? [measured.variant] : [])].join("-")}.json`);
  writeFileSync(
    file,
    `${JSON.stringify({ scenario: name, machine: describeMachine(), ...report }, null, 2)}\n`,
  );
  console.log(`\nAs JSON: ${file}`);
} else {
  const lines = Object.entries(scenarios).map(([each, { summary }]) => `  ${each.padEnd(8)} ${summary}`);
  const tables = `  ${"tables".padEnd(8)} print the results so far as Markdown, for docs/performance.md`;
  console.log(`Usage: npm run bench -- <scenario>\n\n${[...lines, tables].join("\n")}`);
  process.exitCode = name === "help" ? 0 : 1;
}
