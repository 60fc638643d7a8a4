import { expect } from "vitest";
import { sql } from "#server/platform/index.ts";
import type { Cut } from "#test/hostile-sink.ts";
import { until } from "#test/mailing.ts";
import { createFaultWorld } from "./fault-world.ts";

/** Plays one cut on each connection, one after the other, and gives how many may have been ambiguous. */
export async function playCuts(cuts: readonly Cut[], patience = 120_000): Promise<Record<string, number>> {
  const world = await createFaultWorld({
    recipients: cuts.length + 20,
    maxConnections: 4,
    faults: { cut: (connection) => cuts[connection - 1] },
  });
  try {
    const { sink, log, startHere, platform } = world;
    startHere();
    await until(
      "every cut was made",
      async () => {
        // What was put off comes again at once, so that there is always somebody to be cut.
        await platform.db.run(sql`update delivery_retries set next_at = now() where lease_owner is null`);
        return sink.connections() > cuts.length;
      },
      patience,
    );
    const totals = await world.expectSound({
      ambiguous: log.read().filter(({ kind, inContent }) => kind === "cut" && inContent).length,
    });
    expect(log.read().filter(({ kind }) => kind === "cut").length).toBeGreaterThanOrEqual(cuts.length);
    return totals;
  } finally {
    await world.close();
  }
}
