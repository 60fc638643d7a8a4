import { createHmac } from "node:crypto";
import { startSender } from "#server/delivery/index.ts";
import {
  createJobs,
  createLog,
  createNews,
  createSecrets,
  openDatabase,
  readConfig,
  systemClock,
} from "#server/platform/index.ts";

/**
 * A sender as a process of its own, to be killed: node sender-process.ts <database> <data directory>. It ends well on SIGTERM.
 */
const [url = "", dataDirectory = ""] = process.argv.slice(2);
const log = createLog("warn");
const db = openDatabase(url, log);
const platform = {
  db,
  config: readConfig({ POSTROAD_DATA: dataDirectory, POSTROAD_PUBLIC_URL: "https://mail.example.com" }),
  clock: systemClock,
  log,
  secrets: createSecrets(Buffer.alloc(32, 7)),
  jobs: createJobs(db, log),
  news: createNews(db, log),
};
const keys = {
  mac: (kid: number, input: Uint8Array) =>
    kid === 1 ? createHmac("sha512", "test").update(input).digest() : undefined,
  current: () => 1,
};
const stop = startSender(platform, { keys, pollMilliseconds: 50, stopMilliseconds: 5000 });
process.once("SIGTERM", () => {
  void stop()
    .then(() => db.close())
    .then(() => process.exit(0));
});
