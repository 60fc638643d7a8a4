import { parseArgs } from "node:util";
import { z } from "zod";
import { systemActor } from "#core/access/actor.ts";
import { createJobs, createLog, type Database, openDatabase, readConfig } from "../server/platform/index.ts";
import { provideDatabase } from "../server/platform/provide-database.ts";
import { beginReview, latestReview, progressOf, reviewStep } from "../server/tracking/index.ts";

const Since = z.iso.date("--since takes a day, such as 2026-03-01.");

/** Begins a run, or joins the one under way, and works through it. True once it is finished, false if somebody cancelled it. */
export async function reviewAll(
  db: Database,
  since: string | undefined,
  say: (line: string) => void,
): Promise<boolean> {
  const running = await latestReview(db);
  if (running?.state === "running") say("A run is under way already; this helps to finish it.");
  else {
    const jobs = createJobs(db, createLog("silent"));
    const from = since === undefined ? null : new Date(Since.parse(since));
    await beginReview({ db, jobs }, systemActor("postroad reclassify"), from);
  }
  let said = -1;
  while (await reviewStep(db)) {
    const review = await latestReview(db);
    const percent = review ? Math.floor(progressOf(review) * 10) * 10 : 0;
    if (review && percent > said)
      say(`${percent} % · ${review.judged} hits judged, ${review.changed} changed`);
    said = Math.max(said, percent);
  }
  const review = await latestReview(db);
  if (review?.state !== "finished") {
    say("The run was cancelled. What it judged stays judged.");
    return false;
  }
  say(`Done: ${review.judged} hits judged, ${review.changed} changed.`);
  return true;
}

/** `postroad reclassify [--since DAY]`: judges stored hits again by the rules that hold now. May be killed and run again. */
export async function reclassify(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { since: { type: "string" } } });
  const config = readConfig(process.env);
  const database = await provideDatabase(config);
  const db = openDatabase(database.url, createLog(config.logLevel), 2);
  try {
    if (!(await reviewAll(db, values.since, (line) => console.log(`  ${line}`)))) process.exitCode = 1;
  } finally {
    await db.close();
    await database.release();
  }
}
