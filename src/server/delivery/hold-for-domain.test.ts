import { afterEach, beforeEach, expect, test } from "vitest";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import {
  aMailingToAll,
  aRoute,
  createTestPlatform,
  someContacts,
  testKeys,
  totalsOf,
  until,
  untilSettled,
} from "#test/mailing.ts";
import { sql } from "../platform/index.ts";
import { domainHealed } from "../senders/index.ts";
import { resumeHealedDomains } from "./hold-for-domain.ts";
import { startSender, verifyDelivery } from "./index.ts";

let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let sink: HostileSink;
beforeEach(async () => {
  platform = await createTestPlatform();
  sink = await startHostileSink();
});
afterEach(async () => {
  await sink.close();
  await platform.drop();
});

test("[S3] mail of a domain whose published key differs waits, uncharged, and goes on when it is right again", async () => {
  const { db, news } = platform;
  resumeHealedDomains(platform);
  await aRoute(db, { port: sink.port });
  await someContacts(db, 30);
  await db.run(sql`
    with domain as (insert into sending_domains (domain) values ('sender.test') returning id)
    insert into dkim_keys (domain_id, selector, algorithm, public_key, private_key_box, published, was_seen)
    select id, 'p1', 'rsa-sha256', 'AAAA', '', 'different', true from domain`);
  const mailing = await aMailingToAll(db);
  const stop = startSender(platform, { keys: testKeys, pollMilliseconds: 50, stopMilliseconds: 2000 });
  try {
    const stateOf = () =>
      db.first<{ state: string; pause_reason: string | null }>(
        sql`select state, pause_reason from mailings where id = ${mailing}`,
      );
    await until("the mailing is held", async () => (await stateOf())?.state === "paused");
    expect((await stateOf())?.pause_reason).toContain("Mail from sender.test waits");
    expect(await totalsOf(db, mailing)).toEqual({ queued: 30 });
    expect(sink.received).toEqual([]);
    await db.transaction(async (tx) => {
      await tx.run(sql`delete from sending_domains`);
      await news.publish(tx, domainHealed, [{ domain: "sender.test" }]);
    });
    await news.deliver("delivery.healed-domains");
    // Until the sender looks at keys again it may hold the mailing once more.
    await until("it goes on", async () => {
      await db.transaction((tx) => news.publish(tx, domainHealed, [{ domain: "sender.test" }]));
      await news.deliver("delivery.healed-domains");
      return sink.received.length > 0;
    });
    await untilSettled(db, mailing);
    expect(await totalsOf(db, mailing)).toEqual({ queued: 30, accepted: 30 });
  } finally {
    await stop();
  }
  expect(await verifyDelivery(db)).toEqual([]);
});
