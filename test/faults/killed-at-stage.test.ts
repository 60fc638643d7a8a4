import { afterEach, expect, test } from "vitest";
import { sql } from "#server/platform/index.ts";
import type { Moment } from "#test/hostile-sink.ts";
import { until } from "#test/mailing.ts";
import { createFaultWorld, end, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
afterEach(() => world?.close());

const connections = 4;

/** How many messages may be in doubt when the sender is killed while the sink owes the answer to this. */
const stages: readonly [Moment["name"], string, number][] = [
  ["greeting", "F-05", 0],
  ["ehlo", "F-05", 0],
  ["mail", "F-05", 0],
  ["rcpt", "F-05", 0],
  ["data", "F-05", 0],
  ["dot", "F-06", connections],
];

test.each(stages)(
  "[D8] killed with -9 while the answer to %s is owed (%s), a sender leaves exact books and only unanswered dots in doubt",
  async (stage, _, doubts) => {
    let isHeld = false;
    world = await createFaultWorld({
      recipients: 300,
      maxConnections: connections,
      faults: {
        react: ({ name }) => {
          if (name !== stage) return undefined;
          isHeld = true;
          return { reply: "250 never heard", after: new Promise(() => undefined) };
        },
      },
    });
    const child = world.startProcess();
    await until("the sink owes an answer", async () => isHeld);
    await end(child, "SIGKILL");
    await world.heal();
    world.startProcess();
    const { accepted = 0, "in-doubt": inDoubt = 0 } = await world.expectSound({ ambiguous: doubts });
    expect(accepted + inDoubt).toBe(300);
    if (doubts > 0) expect(inDoubt).toBeGreaterThan(0);
  },
);

test("[D8] F-04: killed with -9 after it leased and before its intent is committed, a sender leaves all to be sent once", async () => {
  world = await createFaultWorld({ recipients: 300 });
  const { platform, log, startProcess } = world;
  const child = startProcess();
  const held = await platform.db.transaction(async (tx) => {
    await tx.run(sql`lock table delivery_snapshots in access exclusive mode`);
    await until("an intent waits", async () => {
      const waiting = await platform.db.rows(sql`
        select from pg_locks where relation = 'delivery_snapshots'::regclass and not granted`);
      return waiting.length > 0;
    });
    await end(child, "SIGKILL");
    return platform.db.rows(sql`select from delivery_chunks where lease_owner is not null`);
  });
  expect(held).toHaveLength(1);
  expect(log.accepted()).toBe(0);
  startProcess();
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 300, accepted: 300 });
});

test("[D8] F-06: killed with -9 after answers came and before they are committed, a sender has its journal, and nothing is in doubt", async () => {
  world = await createFaultWorld({ recipients: 300, messagesPerSecond: 60 });
  const { platform, log, startProcess } = world;
  const child = startProcess();
  await until("it sends", async () => log.accepted() > 0);
  await platform.db.transaction(async (tx) => {
    // Fates are counted there, and intents are not.
    await tx.run(sql`lock table mailing_totals in share mode`);
    const before = log.accepted();
    await until("more is answered", async () => log.accepted() > before + 20);
    await until("fates wait", async () => {
      const waiting = await platform.db.rows(
        sql`select from pg_locks where relation = 'mailing_totals'::regclass and not granted`,
      );
      return waiting.length > 0;
    });
    await end(child, "SIGKILL");
  });
  startProcess();
  // The last answers may have been on their way to it.
  const { "in-doubt": doubts = 0, accepted = 0 } = await world.expectSound({ ambiguous: connections });
  expect(accepted + doubts).toBe(300);
  expect(accepted).toBeGreaterThanOrEqual(300 - connections);
});

test("[D9] F-02: asked to stop and then killed while answers to dots are owed, a sender leaves at most those in doubt", async () => {
  let owed = 0;
  world = await createFaultWorld({
    recipients: 300,
    maxConnections: connections,
    faults: {
      react: ({ name }) => {
        if (name !== "dot") return undefined;
        owed++;
        return { reply: "250 never heard", after: new Promise(() => undefined) };
      },
    },
  });
  const child = world.startProcess();
  await until("answers are owed on every connection", async () => owed === connections);
  child.kill("SIGTERM");
  await end(child, "SIGKILL");
  await world.heal();
  world.startProcess();
  const { accepted = 0, "in-doubt": inDoubt = 0 } = await world.expectSound({ ambiguous: connections });
  expect([accepted + inDoubt, inDoubt]).toEqual([300, connections]);
});
