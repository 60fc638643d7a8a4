import { createLoader } from "#server/journeys/live-journey.ts";
import { runDueVisits } from "#server/journeys/run-due-visits.ts";
import { createLog, manualClock, openDatabase } from "#server/platform/index.ts";
import { plainAudience } from "./running-journey.ts";

/**
 * An engine as a process of its own, to be killed: node journey-engine-main.ts <database url> <now>. Small batches make
 * many moments to die in. Ends by itself once nothing is due any more.
 */
const [url = "", now = ""] = process.argv.slice(2);
const db = openDatabase(url, createLog("silent"), 2);
const deps = { db, clock: manualClock(new Date(now)), audience: plainAudience };
const load = createLoader();
for (let idle = 0; idle < 3; ) {
  const { entered, moved } = await runDueVisits(deps, load, 20);
  idle = entered + moved === 0 ? idle + 1 : 0;
}
await db.close();
