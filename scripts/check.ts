import { runStaticChecks } from "./static-checks.ts";
import { runLane } from "./test-lanes.ts";

/** What a change must pass before it is looked at: everything that needs no database and no browser. */
const began = performance.now();
const tallies = [await runStaticChecks(), await runLane("core", false), await runLane("guards", false)];
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
console.log(`\n${passed} passed, ${failed} failed in ${((performance.now() - began) / 1000).toFixed(0)} s`);
process.exitCode = failed === 0 ? 0 : 1;
