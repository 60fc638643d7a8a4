import { runProgram } from "./run-program.ts";

/**
 * `npm run test:faults`: the lane of faults, with the fault matrix as a table at its end. `--long` also plays what takes too long for every
 * day; all else goes to vitest, for instance a file.
 */
const given = process.argv.slice(2);
if (given.includes("--long")) process.env.POSTROAD_LONG_FAULTS = "1";
const { isGood } = await runProgram(
  "vitest",
  [
    ...["run", "--project", "faults", "--reporter=default", "--reporter=./test/faults/print-matrix.ts"],
    ...given.filter((word) => word !== "--long"),
  ],
  true,
);
process.exitCode = isGood ? 0 : 1;
