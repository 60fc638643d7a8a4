import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { sql } from "#server/platform/index.ts";
import { createFaultWorld, end, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
afterEach(() => world?.close());

const minutes = 5;
const recipients = 20_000;
const connections = 4;

test(
  "[D8] F-09: of three senders one is killed with -9 every one to three seconds, for five minutes, and nothing is lost or doubled",
  async () => {
    world = await createFaultWorld({
      recipients,
      maxConnections: connections,
      messagesPerSecond: recipients / minutes / 60,
    });
    const { platform, log, startProcess, expectSound } = world;
    const seed = Date.now() % 1_000_000;
    console.log(`Seed of the kills: ${seed}`);
    const moments = fc.sample(fc.tuple(fc.integer({ min: 1000, max: 3000 }), fc.nat(2)), {
      seed,
      numRuns: 500,
    });
    const senders: ChildProcess[] = [startProcess(), startProcess(), startProcess()];
    const until = performance.now() + minutes * 60_000;
    let kills = 0;
    for (const [milliseconds, victim] of moments) {
      if (performance.now() > until || log.accepted() >= recipients) break;
      // The moments are the fault: at random, whatever goes on.
      await sleep(milliseconds);
      const sender = senders[victim];
      if (sender) await end(sender, "SIGKILL");
      senders[victim] = startProcess();
      kills++;
    }
    expect(kills).toBeGreaterThan(50);
    await platform.db.run(sql`update routes set messages_per_second = null, updated_at = clock_timestamp()`);
    const { accepted = 0, "in-doubt": doubts = 0 } = await expectSound({ ambiguous: kills * connections });
    expect(accepted + doubts).toBe(recipients);
  },
  (minutes + 10) * 60_000,
);
