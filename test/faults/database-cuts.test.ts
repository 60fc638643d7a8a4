import pino from "pino";
import { afterEach, expect, test } from "vitest";
import { createJobs, createNews, openDatabase, type Platform, sql } from "#server/platform/index.ts";
import { until } from "#test/mailing.ts";
import { severable } from "#test/severable-database.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  await world?.stopAll();
  for (const close of closings.splice(0)) await close();
  await world?.close();
});

const recipients = 1500;

/** A way to the same database of its own, as another process has it. */
function another({ log }: Platform, url: string): Pick<Platform, "db" | "jobs" | "news"> {
  const db = openDatabase(url, log);
  closings.push(() => db.close());
  return { db, jobs: createJobs(db, log), news: createNews(db, log) };
}

/** Does it again and again while mail flows, until it was done so often or all mail is out. */
async function whileSending(
  { log, platform }: FaultWorld,
  times: number,
  fault: (n: number) => Promise<unknown>,
) {
  let n = 1;
  for (; n <= times && log.accepted() < recipients; n++) {
    const before = log.accepted();
    await fault(n);
    await until("mail flows again", async () => {
      // What a sender gave back after trouble of its own would rest for half a minute.
      await platform.db.run(sql`
        update delivery_chunks set available_at = now() where finished_at is null and available_at > now()`);
      return log.accepted() > before || log.accepted() >= recipients;
    });
  }
  expect(n, "so often it was done").toBeGreaterThan(5);
}

test("[D6] [D8] F-26 and F-07: connections to the database that are cut again and again, in the middle of any statement or commit, double and lose nothing", async () => {
  world = await createFaultWorld({ recipients, messagesPerSecond: 200 });
  const { platform } = world;
  const door = await severable(platform.databaseUrl);
  closings.push(door.close);
  world.startHere(another(platform, door.url));
  await whileSending(world, 12, async (n) => {
    // At another packet every time, so that each kind of statement and commit is met.
    await door.severAfter(3 + n);
    await door.restore();
  });
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: recipients, accepted: recipients });
});

test("[D6] F-26: sessions that are terminated at random cost nothing", async () => {
  world = await createFaultWorld({ recipients, messagesPerSecond: 200 });
  const { platform } = world;
  world.startHere(another(platform, platform.databaseUrl));
  await whileSending(world, 12, async () => {
    await platform.db.run(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and random() < 0.7`);
  });
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: recipients, accepted: recipients });
});

test("[D6] F-27: with a single connection to the database a sender waits, and charges nobody", async () => {
  world = await createFaultWorld({ recipients: 300 });
  const { platform } = world;
  const db = openDatabase(platform.databaseUrl, platform.log, 1);
  closings.push(() => db.close());
  world.startHere({ db, jobs: createJobs(db, platform.log), news: createNews(db, platform.log) });
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 300, accepted: 300 });
  expect(await platform.db.rows(sql`select from delivery_log where attempts <> 1`)).toEqual([]);
});

test("[D6] [D62] F-25: a sender that is started while the database is away says so once, and begins when it is there", async () => {
  world = await createFaultWorld({ recipients: 50 });
  const { platform } = world;
  const door = await severable(platform.databaseUrl);
  closings.push(door.close);
  await door.sever();
  const said: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void said.push(line) });
  const saying = (words: string) => said.filter((line) => line.includes(words));
  const { db, ...far } = another({ ...platform, log }, door.url);
  let rounds = 0;
  world.startHere({
    ...far,
    log,
    db: {
      ...db,
      first(query) {
        rounds++;
        return db.first(query);
      },
    },
  });
  await until("it tried several times", async () => rounds > 5);
  expect(saying("a round of sending failed")).toHaveLength(1);
  await door.restore();
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 50, accepted: 50 });
  expect(saying("a round of sending failed")).toHaveLength(1);
  expect(saying("rounds of sending work again")).toHaveLength(1);
});
