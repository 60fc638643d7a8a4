import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { sql } from "#server/platform/index.ts";
import { until } from "#test/mailing.ts";
import { createFaultWorld, type FaultWorld } from "./fault-world.ts";

let world: FaultWorld | undefined;
afterEach(() => world?.close());

const recipients = 600;
/** A mailing that takes some seconds, so that people meet it on its way. */
const slow = { recipients, messagesPerSecond: 150 };

const sentTo = ({ log }: FaultWorld) =>
  new Set(
    log
      .read()
      .filter(({ kind }) => kind === "accepted")
      .map(({ to }) => to),
  );

/** Runs a change of one contact at each of many points on the way of a mailing. */
async function change(moving: FaultWorld, every: number, change: (person: number) => Promise<unknown>) {
  for (let person = every; person <= recipients; person += every) {
    await change(person);
    await until("mail flows", async () => moving.log.accepted() > person * 0.7);
  }
}

test("[D6] F-36: whoever is suppressed, or erased, while a mailing is on its way gets nothing that was begun after it", async () => {
  world = await createFaultWorld(slow);
  const { platform, startHere, expectSound } = world;
  startHere();
  await change(world, 20, (person) =>
    person % 40 === 0
      ? platform.db.run(sql`
          insert into suppressions (address_key, category, reason, source)
          values (${`person${person}@example.org`}, 'manual', 'Asked to', 'person')`)
      : platform.db.run(sql`delete from contacts where email_key = ${`person${person}@example.org`}`),
  );
  // That nothing was begun after it is looked at among the invariants.
  const { accepted = 0, skipped = 0, "in-doubt": doubts = 0 } = await expectSound({ ambiguous: 0 });
  expect([accepted + skipped, doubts]).toEqual([recipients, 0]);
  expect(skipped).toBeGreaterThan(0);
  const later = [...sentTo(world)];
  expect(later).toHaveLength(accepted);
});

test("[D6] F-37: an address that is edited on the way is used as it is at the intent, and judged as that one", async () => {
  world = await createFaultWorld(slow);
  const { platform, startHere, expectSound } = world;
  await platform.db.run(sql`
    insert into suppressions (address_key, category, reason, source)
    select 'new' || n || '@example.org', 'manual', 'Asked to', 'person' from generate_series(1, ${recipients}::int) n where n % 40 = 0`);
  startHere();
  await change(world, 20, (person) =>
    platform.db.run(sql`
      update contacts set email = ${`new${person}@example.org`}, email_key = ${`new${person}@example.org`}
      where email_key = ${`person${person}@example.org`}`),
  );
  const { accepted = 0, skipped = 0 } = await expectSound({ ambiguous: 0 });
  expect(accepted + skipped).toBe(recipients);
  const sent = sentTo(world);
  expect(sent.size).toBe(accepted);
  for (let person = 20; person <= recipients; person += 20)
    expect(sent.has(`person${person}@example.org`) && sent.has(`new${person}@example.org`)).toBe(false);
  const suppressed = await platform.db.rows(sql`
    select from delivery_log where outcome = 'accepted' and address like 'new%'
      and exists (select from suppressions where address_key = address)`);
  expect(suppressed).toEqual([]);
  expect(skipped).toBeGreaterThan(0);
});

test("[D4] F-66: twenty pauses and resumptions at random moments leave everybody with one message and the figures exact", async () => {
  world = await createFaultWorld({ recipients: 1500, messagesPerSecond: 400 });
  const { platform, log, startHere, startProcess, mailing, expectSound } = world;
  startHere();
  startProcess();
  const seed = Date.now() % 1_000_000;
  const moments = fc.sample(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()), { seed, numRuns: 20 });
  const become = (state: string) =>
    platform.db.run(sql`update mailings set state = ${state}, pause_reason = null where id = ${mailing}`);
  for (const [messages, isSeen] of moments) {
    const before = log.accepted();
    await until("so many more are sent", async () => log.accepted() >= Math.min(1500, before + messages));
    await become("paused");
    // Sometimes a pause is over before anybody saw it.
    if (isSeen)
      await until("all is given back", async () => {
        const held = await platform.db.rows(sql`select from delivery_chunks where lease_owner is not null`);
        return held.length === 0;
      });
    await become("running");
  }
  expect(await expectSound({ ambiguous: 0 }), `seed ${seed}`).toEqual({ queued: 1500, accepted: 1500 });
});

test("[D20] F-33: a route that is edited while it carries mail goes on as it is now, and nobody is skipped", async () => {
  world = await createFaultWorld({ recipients: 1500 });
  const { platform, log, startHere, expectSound } = world;
  startHere();
  for (let edit = 1; edit <= 10 && log.accepted() < 1500; edit++) {
    const before = log.accepted();
    await platform.db.run(sql`
      update routes set max_connections = ${1 + (edit % 5)}, messages_per_connection = ${5 + edit}, updated_at = clock_timestamp()`);
    await until("mail flows", async () => log.accepted() > before + 40 || log.accepted() === 1500);
  }
  expect(await expectSound({ ambiguous: 0 })).toEqual({ queued: 1500, accepted: 1500 });
});
