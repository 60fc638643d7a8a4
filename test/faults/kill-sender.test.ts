import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyDelivery } from "#server/delivery/index.ts";
import { sql } from "#server/platform/index.ts";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import {
  aMailingToAll,
  aRoute,
  createTestPlatform,
  letDoubtsPass,
  someContacts,
  totalsOf,
  until,
  untilSettled,
} from "#test/mailing.ts";

const connections = 8;
let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let sink: HostileSink;
/** How often each recipient's message was taken by the sink. */
const arrived = new Map<string, number>();
let taken = 0;
const processes: ChildProcess[] = [];

beforeEach(async () => {
  arrived.clear();
  taken = 0;
  platform = await createTestPlatform();
  await letDoubtsPass(platform.db);
  sink = await startHostileSink({
    take: ({ to }) => {
      taken++;
      const address = to[0] ?? "";
      arrived.set(address, (arrived.get(address) ?? 0) + 1);
    },
  });
  await aRoute(platform.db, { port: sink.port, maxConnections: connections });
});
afterEach(async () => {
  for (const child of processes.splice(0)) child.kill("SIGKILL");
  await sink.close();
  await platform.drop();
});

function startProcess(): ChildProcess {
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      fileURLToPath(new URL("./sender-process.ts", import.meta.url)),
      platform.databaseUrl,
      platform.config.dataDirectory,
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  processes.push(child);
  return child;
}

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

/** Every recipient is at the sink exactly once, except those that are listed as in doubt: they are there once or not. */
async function expectExactly(mailing: string, recipients: number): Promise<number> {
  const { db } = platform;
  expect(await verifyDelivery(db)).toEqual([]);
  const totals = await totalsOf(db, mailing);
  const doubtful = await db.rows<{ address: string }>(
    sql`select address from delivery_log where outcome = 'in-doubt'`,
  );
  expect(totals.queued).toBe(recipients);
  expect((totals.accepted ?? 0) + doubtful.length).toBe(recipients);
  expect([...arrived].filter(([, times]) => times !== 1)).toEqual([]);
  const inDoubt = new Set(doubtful.map(({ address }) => address));
  for (let n = 1; n <= recipients; n++) {
    const address = `person${n}@example.org`;
    if (!inDoubt.has(address) && !arrived.has(address)) expect.fail(`${address} is lost`);
  }
  return doubtful.length;
}

test("[D8] F-09: killed again and again in the middle of 20,000 recipients, a sender loses nothing and sends nothing twice", async () => {
  const recipients = 20_000;
  await someContacts(platform.db, recipients);
  const mailing = await aMailingToAll(platform.db);
  const kills = 6;
  for (let kill = 1; kill <= kills; kill++) {
    const child = startProcess();
    const enough = taken + 1500 + kill * 137;
    await until("it sends", async () => taken >= enough || child.exitCode !== null);
    await end(child, "SIGKILL");
  }
  startProcess();
  await untilSettled(platform.db, mailing, 200_000);
  const doubtful = await expectExactly(mailing, recipients);
  // SMTP allows no better: one message per connection may have been between its last byte and its answer.
  expect(doubtful).toBeLessThanOrEqual(kills * connections);
});

test("[D8] without its journal, as on another machine, everything a killed sender had begun is in doubt and nothing is sent twice", async () => {
  const recipients = 5000;
  await someContacts(platform.db, recipients);
  const mailing = await aMailingToAll(platform.db);
  const child = startProcess();
  await until("it sends", async () => taken >= 1500);
  await end(child, "SIGKILL");
  // The next sender has its own disk, and cannot know whether the other one lives: its lease has to run out.
  await platform.db.run(sql`update delivery_chunks set lease_until = now() where lease_owner is not null`);
  platform = {
    ...platform,
    config: { ...platform.config, dataDirectory: join(platform.config.dataDirectory, "elsewhere") },
  };
  startProcess();
  await untilSettled(platform.db, mailing, 200_000);
  const doubtful = await expectExactly(mailing, recipients);
  expect(doubtful).toBeGreaterThan(0);
});

test("[D9] F-01: asked to stop, a sender ends in time with nothing in doubt and no journal left", async () => {
  const recipients = 5000;
  await someContacts(platform.db, recipients);
  const mailing = await aMailingToAll(platform.db);
  const child = startProcess();
  await until("it sends", async () => taken >= 1000);
  await end(child, "SIGTERM");
  expect(child.exitCode).toBe(0);
  expect(await verifyDelivery(platform.db)).toEqual([]);
  expect((await totalsOf(platform.db, mailing)).accepted).toBe(taken);
  expect(readdirSync(join(platform.config.dataDirectory, "journal"))).toEqual([]);
  startProcess();
  await untilSettled(platform.db, mailing, 200_000);
  expect(await expectExactly(mailing, recipients)).toBe(0);
});

test("[D9] F-10 and F-11: a sender that was frozen beyond its lease completes nothing that another one took over", async () => {
  const recipients = 3000;
  await someContacts(platform.db, recipients);
  const mailing = await aMailingToAll(platform.db);
  const frozen = startProcess();
  await until("it sends", async () => taken >= 500);
  frozen.kill("SIGSTOP");
  // It is not surely dead, so its lease of a minute has to run out.
  startProcess();
  await untilSettled(platform.db, mailing, 200_000);
  frozen.kill("SIGCONT");
  await end(frozen, "SIGTERM");
  await expectExactly(mailing, recipients);
});
