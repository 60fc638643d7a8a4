import { existsSync, globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Outcome, root, runProgram } from "./run-program.ts";

type Check = { readonly name: string; readonly run: () => Promise<Outcome>; readonly remedy: string };

const rooms = ["src/core", "src/contract", "src/server", "src/web", "sdk", "test", "bench"];

/** Everything that is checked without running the product. */
const checks: readonly Check[] = [
  ...rooms
    .filter((room) => existsSync(join(root, room, "tsconfig.json")))
    .filter((room) => globSync("**/*.{ts,tsx}", { cwd: join(root, room) }).length > 0)
    .map((room) => ({
      name: `types of ${room}`,
      run: () => runProgram("tsc", ["-p", room]),
      remedy: "Make the types agree; no any, no casts at boundaries, no silencing.",
    })),
  {
    name: "format and lint",
    run: () => runProgram("biome", ["check", "--diagnostic-level=error", "--colors=off", "."]),
    remedy: "`npm run format` repairs what can be repaired by itself.",
  },
  {
    name: "import walls",
    run: () =>
      runProgram("depcruise", [
        "--config",
        ".dependency-cruiser.mjs",
        "--output-type",
        "err-long",
        ...["src", "sdk", "scripts", "bench"].filter((folder) => existsSync(join(root, folder))),
      ]),
    remedy: "Each broken rule above says what to do instead.",
  },
  {
    name: "nothing unused",
    run: () => runProgram("knip", ["--no-progress"]),
    remedy: "Delete what nothing uses.",
  },
];

export type Tally = { passed: number; failed: number };

/** Runs all static checks side by side and shows one line for each; what failed follows with its remedy. */
export async function runStaticChecks(): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0 };
  const waiting = [...checks];
  const failures: string[] = [];
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const { isGood, output, seconds } = await check.run();
      console.log(`  ${isGood ? "✓" : "✗"} ${check.name.padEnd(24)} ${seconds.toFixed(1)} s`);
      if (isGood) tally.passed++;
      else {
        tally.failed++;
        failures.push(`✗ ${check.name}\n\n${output.slice(0, 8000)}\n\n  ${check.remedy}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  for (const failure of failures) console.log(`\n${failure}`);
  return tally;
}
