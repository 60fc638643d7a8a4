import { afterEach, expect, test } from "vitest";
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
