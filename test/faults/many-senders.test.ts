import { afterEach, expect, test } from "vitest";
import { tellOfHalt } from "#server/delivery/halts.ts";
import { beginStop, endStop } from "#server/delivery/sending-policy.ts";
import { sql } from "#server/platform/index.ts";
import { aMailingToAll, inChunksOf, until, untilSettled } from "#test/mailing.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
afterEach(() => world?.close());

test("[D7] F-34: ten senders at once share the work and never a recipient", async () => {
  world = await createFaultWorld({ recipients: 1500, maxConnections: 2 });
  await inChunksOf(world.platform.db, 50);
  for (let sender = 0; sender < 10; sender++) world.startHere();
  expect(await world.expectSound({ ambiguous: 0 })).toEqual({ queued: 1500, accepted: 1500 });
  const addresses = world.log.read().map(({ to }) => to);
  expect(new Set(addresses).size).toBe(addresses.length);
});

/** What [D4] promises, and the one thing here that is about time. */
const noticedWithin = 2000;

test("[D4] F-34: one stop is heard by three processes within two seconds, and by one that starts later, until somebody takes it back", async () => {
  const recipients = 4000;
  world = await createFaultWorld({ recipients, messagesPerSecond: 100 });
  await inChunksOf(world.platform.db, 100);
  const { platform, log, startProcess, expectSound } = world;
  const { db } = platform;
  const owners = new Set<string>();
  for (let sender = 0; sender < 3; sender++) startProcess();
  await until("all three are at it", async () => {
    const rows = await db.rows<{ owner: string }>(
      sql`select lease_owner as owner from delivery_chunks where lease_owner is not null`,
    );
    for (const { owner } of rows) owners.add(owner);
    return owners.size === 3 && log.accepted() > 100;
  });
  await db.transaction(async (tx) => {
    await beginStop(tx, { by: "Ada", at: new Date().toISOString() });
    await tellOfHalt(tx);
  });
  const stoppedAt = Date.now();
  await until("everything is given back", async () => {
    const held = await db.rows(sql`select from delivery_chunks where lease_owner is not null`);
    return held.length === 0;
  });
  const last = log.read().at(-1)?.at.getTime() ?? 0;
  expect(last - stoppedAt).toBeLessThan(noticedWithin);
  const sent = log.accepted();
  expect(sent).toBeLessThan(recipients);

  startProcess();
  const cancelled = await aMailingToAll(db, { kind: "transactional" });
  await db.run(sql`update mailings set state = 'cancelled' where id = ${cancelled}`);
  // Senders skip what is cancelled before they ask for work: each has looked around when that is over.
  await untilSettled(db, cancelled);
  expect(log.accepted()).toBe(sent);

  await db.run(sql`update routes set messages_per_second = null`);
  await db.transaction(async (tx) => {
    await endStop(tx);
    await tellOfHalt(tx);
  });
  expect(await expectSound({ ambiguous: 0 })).toEqual({ queued: recipients, accepted: recipients });
});
