import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db/database.ts";
import type { Jobs } from "./jobs.ts";
import type { Log } from "./log.ts";
import type { News } from "./news.ts";
import type { Secrets } from "./secrets.ts";

/** What every domain is built on. */
export type Platform = {
  readonly db: Database;
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly jobs: Jobs;
  readonly news: News;
};

export { type Clock, manualClock, systemClock } from "./clock.ts";
export { type Config, readConfig } from "./config.ts";
export {
  type Database,
  loadStatement,
  type NamedStatement,
  openDatabase,
  type Queries,
  type Transaction,
} from "./db/database.ts";
export { isDatabaseAway } from "./db/database-away.ts";
export { foreignSql, joinSql, type Sql, sql } from "./db/sql.ts";
export { createJobs, type JobRun, type Jobs } from "./jobs.ts";
export { createLog, type Log } from "./log.ts";
export { createNews, type News, type NewsItem, startLoop } from "./news.ts";
export { watchOutage } from "./outage.ts";
export { repeatJob } from "./repeat-job.ts";
export { createSecrets, loadInstanceKey, type Secrets } from "./secrets.ts";
