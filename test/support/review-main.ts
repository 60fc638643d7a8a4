import { createLog, openDatabase } from "#server/platform/index.ts";
import { reviewStep } from "#server/tracking/index.ts";

/** A process that judges stored hits again, to be killed by a test. */
const db = openDatabase(process.argv[2] ?? "", createLog("silent"), 1);
while (await reviewStep(db));
await db.close();
