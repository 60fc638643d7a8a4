import { createInterface } from "node:readline";
import { start } from "../../src/cli/start.ts";
import { type Clock, systemClock } from "../../src/server/platform/index.ts";

/**
 * `postroad start`, with a clock that runs like any other but can be put forward: a line "advance <milliseconds>" on
 * the standard input does so, and the answer is printed. For tests in which days go by.
 */
let ahead = 0;
const clock: Clock = { now: () => new Date(systemClock.now().getTime() + ahead) };

createInterface({ input: process.stdin }).on("line", (line) => {
  const milliseconds = Number(/^advance (\d+)$/.exec(line)?.[1]);
  if (!(milliseconds > 0)) return console.error(`Not understood: ${line}`);
  ahead += milliseconds;
  console.log(`The clock says ${clock.now().toISOString()}`);
});

await start([], clock);
