import { afterEach, expect, test } from "vitest";
import { sql } from "#server/platform/index.ts";
import { createFaultWorld, end, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
afterEach(() => world?.close());

test("[D12] F-61: a sender that may open few files says so, sends slowly, and charges nobody", async () => {
  world = await createFaultWorld({ recipients: 200, maxConnections: 100 });
  const child = world.startProcess(undefined, 'ulimit -n 64; exec "$@"');
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 200, accepted: 200 });
  expect(child.exitCode).toBeNull();
  expect(await world.platform.db.rows(sql`select from delivery_log where attempts <> 1`)).toEqual([]);
  await end(child, "SIGTERM");
  expect(child.exitCode).toBe(0);
});
