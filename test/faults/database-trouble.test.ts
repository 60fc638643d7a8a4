import { randomBytes } from "node:crypto";
import pg from "pg";
import pino from "pino";
import { afterEach, expect, test } from "vitest";
import {
  createJobs,
  createNews,
  type Log,
  openDatabase,
  type Platform,
  sql,
} from "#server/platform/index.ts";
import { until } from "#test/mailing.ts";
import { severable } from "#test/severable-database.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await world?.stopAll();
  for (const close of closings.splice(0).reverse()) await close();
  await world?.close();
});

/** A way to the database of its own. */
function another(url: string, log: Log): Pick<Platform, "db" | "jobs" | "news" | "log"> {
  const db = openDatabase(url, log);
  closings.push(() => db.close());
  return { db, log, jobs: createJobs(db, log), news: createNews(db, log) };
}

/** Errors as PostgreSQL itself raises them: deadlock, serialisation failure, lock time-out, statement time-out. */
const passing = ["40P01", "40001", "55P03", "57014"];

test.each(["delivery_snapshots", "delivery_log", "delivery_chunks", "mailing_totals"])(
  "[D6] F-28: transactions that fail at %s by deadlock, serialisation, lock and statement time-outs are done again, and nothing twice",
  async (table) => {
    world = await createFaultWorld({ recipients: 400 });
    const { platform, startHere, log } = world;
    await platform.db.run(sql`create sequence trouble`);
    await platform.db.pool.query(`
      create function trouble() returns trigger language plpgsql as $$
      declare nth bigint := nextval('trouble');
      begin
        if nth % 3 = 1 and nth < 40 then
          raise exception 'played' using errcode = (array['${passing.join("','")}'])[nth / 3 % 4 + 1];
        end if;
        return null;
      end $$`);
    await platform.db.pool.query(`
      create trigger trouble after insert or update on ${table} for each statement execute function trouble()`);
    startHere();
    await until("trouble was met, and mail flows all the same", async () => {
      // What a sender gave back after trouble of its own would rest for half a minute.
      await platform.db
        .run(
          sql`update delivery_chunks set available_at = now() where finished_at is null and available_at > now()`,
        )
        .catch(() => undefined);
      const met = await platform.db.first<{ nth: string }>(sql`select last_value as nth from trouble`);
      return Number(met?.nth) > 3 && log.accepted() > 0;
    });
    await platform.db.pool.query(`drop trigger trouble on ${table}`);
    expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 400, accepted: 400 });
    expect(await platform.db.rows(sql`select from delivery_log where attempts <> 1`)).toEqual([]);
  },
);

test("[D6] F-31: a database that answers 150 ms late to everything makes sending slow, and nothing else", async () => {
  world = await createFaultWorld({ recipients: 500 });
  const { platform } = world;
  const door = await severable(platform.databaseUrl);
  closings.push(door.close);
  door.slowDown(150);
  world.startHere(another(door.url, platform.log));
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 500, accepted: 500 });
  expect(await platform.db.rows(sql`select from delivery_log where attempts <> 1`)).toEqual([]);
});

test("[D62] F-32: a password that was changed, and rights that were taken, are said in the server's words, and all goes on when they are given", async () => {
  world = await createFaultWorld({ recipients: 600, messagesPerSecond: 150 });
  const { platform, log: witness } = world;
  const { db } = platform;
  const role = `sender_${randomBytes(4).toString("hex")}`;
  const name = pg.escapeIdentifier(role);
  await db.pool.query(`create role ${name} login password 'first'`);
  closings.push(() => db.pool.query(`drop owned by ${name}; drop role ${name}`));
  const allow = () =>
    db.pool.query(
      `grant all on all tables in schema public to ${name}; grant all on all sequences in schema public to ${name}`,
    );
  await allow();
  const said: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void said.push(line) });
  const url = Object.assign(new URL(platform.databaseUrl), { username: role, password: "first" }).href;
  world.startHere(another(url, log));
  const flows = async () => {
    const before = witness.accepted();
    await until("mail flows", async () => {
      await db.run(
        sql`update delivery_chunks set available_at = now() where finished_at is null and available_at > now()`,
      );
      return witness.accepted() > before + 30;
    });
  };
  await flows();
  await db.pool.query(`alter role ${name} password 'second'`);
  await db.run(sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role}`);
  await until("the reason is said", async () =>
    said.some((line) => line.includes("password authentication failed")),
  );
  await db.pool.query(`alter role ${name} password 'first'`);
  await flows();
  await db.pool.query(`revoke all on delivery_chunks from ${name}`);
  await until("the reason is said", async () =>
    said.some((line) => line.includes("permission denied for table delivery_chunks")),
  );
  await allow();
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 600, accepted: 600 });
});
