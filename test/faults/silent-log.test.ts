import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { until } from "#test/mailing.ts";
import { createFaultWorld, end, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
afterEach(() => world?.close());

test("[D12] F-62: a sender whose log nobody reads any more goes on sending", async () => {
  let greetings = 0;
  world = await createFaultWorld({
    recipients: 400,
    // So that there is something to say.
    faults: {
      react: ({ name }) => (name === "greeting" && greetings++ < 3 ? "421 4.3.2 closed" : undefined),
    },
  });
  const pipe = join(world.platform.config.dataDirectory, "log");
  execFileSync("mkfifo", [pipe]);
  // Held open, full, and never read.
  const held = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    for (let size = 4096; size >= 1; ) {
      try {
        writeSync(held, "x".repeat(size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
    const child = world.startProcess(undefined, `exec "$@" 2>'${pipe}'`);
    await until("there was something to say", async () => greetings > 0);
    expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 400, accepted: 400 });
    expect(child.exitCode).toBeNull();
    await end(child, "SIGKILL");
  } finally {
    closeSync(held);
  }
});
