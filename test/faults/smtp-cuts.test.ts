import { afterEach, expect, test } from "vitest";
import { sql } from "#server/platform/index.ts";
import type { Cut } from "#test/hostile-sink.ts";
import { until } from "#test/mailing.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";
import { playCuts } from "./play-cuts.ts";

let world: FaultWorld | undefined;
afterEach(() => world?.close());

const ways = ["fin", "rst"] as const;

/** What a good sink says before the first MAIL, and what one message is answered with. */
const opening = "220 sink.test ESMTP\r\n250-sink.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n".length;
const answers = "250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go ahead\r\n250 2.0.0 queued\r\n".length;

const beforeMail = "EHLO mail.example.com\r\n".length;

test("[D10] F-15: cut after every single byte of the answers to a message, by FIN and by RST, nothing is lost, doubled or wrongly believed", async () => {
  const bytes = Array.from({ length: answers }, (_, n) => opening + n + 1);
  const totals = await playCuts(
    ways.flatMap((how) => bytes.map((replyBytes): Cut => ({ after: { replyBytes }, how }))),
  );
  // The 19 places inside the answer to the final dot, and the one before it, twice.
  expect(totals["in-doubt"]).toBeGreaterThanOrEqual(20);
  expect(totals["in-doubt"]).toBeLessThanOrEqual(42);
});

test("[D10] F-15: cut at every place around the final dot, and all along the content, nothing is lost, doubled or wrongly believed", async () => {
  const along = Array.from({ length: 20 }, (_, n) => ({ clientBytes: beforeMail + 1 + n * 97 }));
  const around = [0, 1, 2, 3, 4, 5].map((beforeEndOfDot) => ({ beforeEndOfDot }));
  await playCuts(ways.flatMap((how) => [...along, ...around].map((after): Cut => ({ after, how }))));
});

test.each(["greeting", "ehlo"] as const)(
  "[D12] F-12 and F-15: a connection that is lost at %s charges nobody",
  async (stage) => {
    world = await createFaultWorld({
      recipients: 20,
      faults: { react: ({ name }) => (name === stage ? "reset" : undefined) },
    });
    const { db } = world.platform;
    world.startHere();
    await until(
      "the trouble is noted",
      async () => (await db.rows(sql`select from route_troubles`)).length === 1,
    );
    expect(await db.rows(sql`select from delivery_retries`)).toEqual([]);
    expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 20, accepted: 20 });
    expect(await db.rows(sql`select from delivery_log where attempts <> 1`)).toEqual([]);
  },
);
