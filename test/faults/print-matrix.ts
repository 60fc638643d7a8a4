import type { Reporter, TestCase, TestModule } from "vitest/node";
import { faultMatrix } from "./fault-matrix.ts";

/** Vitest's reporter that says at the end, as a table, what became of each row of the fault matrix. */
export default class PrintMatrix implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const lines = faultMatrix.map((row) => {
      const outcome = "notPlayed" in row ? row.notPlayed : outcomeOf(tests, row.id, row.tests);
      return `| ${row.id} | ${row.injected} | ${row.checked} | ${outcome} |`;
    });
    console.log(
      ["", "| Row | Injected | Checked | Outcome |", "| --- | --- | --- | --- |", ...lines].join("\n"),
    );
  }
}

function outcomeOf(tests: readonly TestCase[], id: string, files: readonly string[]): string {
  const states = tests.filter(({ fullName }) => fullName.includes(id)).map((test) => test.result().state);
  if (states.includes("failed")) return "**broken**";
  if (states.includes("passed"))
    return states.includes("skipped") ? "holds, as far as it could be played here" : "holds";
  const elsewhere = files.filter((file) => !file.startsWith("test/faults/"));
  return elsewhere.length > 0 ? `played by \`npm test\`: ${elsewhere.join(", ")}` : "not played in this run";
}
