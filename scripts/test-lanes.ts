import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import vitestConfig from "../vitest.config.ts";
import { root, runProgram } from "./run-program.ts";
import type { Tally } from "./static-checks.ts";

const project = z.object({ test: z.object({ name: z.string(), include: z.array(z.string()) }) });
const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numTotalTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

/** The lanes of vitest.config.ts with the files that belong to each. */
function lanes(): { name: string; files: string[] }[] {
  return z
    .array(project)
    .parse(vitestConfig.test?.projects)
    .map(({ test }) => ({
      name: test.name,
      files: globSync(test.include, { cwd: root }).filter((file) => !file.includes("node_modules")),
    }));
}

/**
 * Runs one lane and counts; unless it is shown as it runs, its output appears only when something fails. A file that does not load, an error outside of any test and a lane that ran nothing although
 * it has files count as failures: silence must never look like success.
 */
export async function runLane(name: string, isShown: boolean): Promise<Tally> {
  const lane = lanes().find((each) => each.name === name);
  if (!lane) throw new Error(`vitest.config.ts has no lane "${name}"`);
  if (lane.files.length === 0) {
    console.log(`\n  · ${name}: no test files`);
    return { passed: 0, failed: 0 };
  }
  if (isShown) console.log(`\n  Lane ${name}: ${lane.files.length} files`);
  const directory = mkdtempSync(join(tmpdir(), "postroad-lane-"));
  try {
    const file = join(directory, "report.json");
    const args = ["run", "--project", name, "--reporter=default", "--reporter=json", `--outputFile=${file}`];
    const { isGood, output, seconds } = await runProgram("vitest", args, isShown);
    const tally = count(readReport(file), isGood);
    if (!isShown) {
      const mark = tally.failed === 0 ? "✓" : "✗";
      console.log(`  ${mark} ${`lane ${name}, ${tally.passed} tests`.padEnd(24)} ${seconds.toFixed(1)} s`);
      if (tally.failed > 0) console.log(`\n${output}\n`);
    }
    return tally;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function readReport(file: string): z.infer<typeof report> | undefined {
  try {
    return report.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Adds up one report of vitest. */
export function count(found: z.infer<typeof report> | undefined, isGood: boolean): Tally {
  if (!found) return { passed: 0, failed: 1 };
  const unloaded = found.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
  const failed = found.numFailedTests + unloaded;
  const isSilent = failed === 0 && (!isGood || found.numTotalTests === 0);
  return { passed: found.numPassedTests, failed: isSilent ? 1 : failed };
}
