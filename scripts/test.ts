import { runStaticChecks } from "./static-checks.ts";
import { runLane } from "./test-lanes.ts";

/** Everything: static checks, then each lane of vitest.config.ts. The last line is for machines: `N passed, N failed`. */
const tally = await runStaticChecks();
for (const lane of ["core", "server", "guards", "faults", "e2e"]) {
  const { passed, failed } = await runLane(lane, true);
  tally.passed += passed;
  tally.failed += failed;
}
process.exitCode = tally.failed === 0 ? 0 : 1;
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
