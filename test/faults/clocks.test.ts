import { afterEach, expect, test } from "vitest";
import { sql } from "#server/platform/index.ts";
import { until } from "#test/mailing.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
afterEach(() => world?.close());

const hour = 3_600_000;

test.each([
  ["an hour ahead", hour],
  ["an hour behind", -hour],
  ["ten years ahead", 10 * 365 * 24 * hour],
  ["in 1970", -Date.now()],
])(
  "[D61] F-42: with the application's clock %s nothing is due early, expires at once or is held back",
  async (_, off) => {
    let greetings = 0;
    const later = new Set<string>();
    world = await createFaultWorld({
      recipients: 40,
      faults: {
        react({ name, text }) {
          // The road is broken at first, so that its pause is met too.
          if (name === "greeting" && greetings++ === 0) return "drop";
          if (name !== "rcpt" || later.size === 10 || later.has(text)) return undefined;
          later.add(text);
          return "450 4.2.0 later";
        },
      },
    });
    const { platform, startHere } = world;
    startHere({ clock: { now: () => new Date(Date.now() + off) } });
    await until("ten are put off, and the others are there", async () => {
      const kept = await platform.db.first<{ late: number; done: number }>(sql`
      select (select count(*) from delivery_retries where lease_owner is null)::int as late,
        (select count(*) from delivery_log)::int as done`);
      return kept?.late === 10 && kept.done === 30;
    });
    const [due] = await platform.db.rows<{ soon: boolean; patient: boolean; count: number }>(sql`
    select bool_and(next_at - first_at between interval '30 seconds' and interval '2 minutes') as soon,
      bool_and(expires_at - first_at between interval '71 hours' and interval '73 hours') as patient, count(*)::int
    from delivery_retries`);
    expect(due).toEqual({ soon: true, patient: true, count: 10 });
    expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 40, accepted: 40 });
  },
);
