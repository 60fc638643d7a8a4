import { createTransport } from "nodemailer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compose, type Product } from "#server/compose.ts";
import { readConfig, sql } from "#server/platform/index.ts";
import { type HostileSink, startHostileSink } from "#test/hostile-sink.ts";
import { aMailingToAll, aRoute, createTestPlatform, someContacts, until } from "#test/mailing.ts";
import { type InboundMail, startInboundMail, startTally } from "./index.ts";

const domain = "bounces.example.com";
let platform: Awaited<ReturnType<typeof createTestPlatform>>;
let product: Product;
let sink: HostileSink;
let inbound: InboundMail;
let stop: () => Promise<void>;

beforeEach(async () => {
  platform = await createTestPlatform();
  const config = readConfig({
    POSTROAD_DATA: platform.config.dataDirectory,
    POSTROAD_PUBLIC_URL: "https://mail.example.com",
    POSTROAD_INBOUND_SMTP_PORT: "0",
  });
  sink = await startHostileSink();
  product = await compose({ ...platform, config });
  await platform.db.run(sql`update routes set is_default = false`);
  const route = await aRoute(platform.db, { port: sink.port });
  await platform.db.run(sql`update routes set bounce_domain = ${domain} where id = ${route}`);
  const deps = { platform, tracking: product.tracking, tally: startTally(platform.db, platform.log) };
  inbound = await startInboundMail(deps, { port: 0, host: "127.0.0.1" });
  stop = product.start(["sender"]);
});
afterEach(async () => {
  await stop();
  await product.app.close();
  await inbound.stop();
  await sink.close();
  await platform.drop();
});

async function answer(to: string, raw: string): Promise<void> {
  const transport = createTransport({ host: "127.0.0.1", port: inbound.port, ignoreTLS: true });
  await transport.sendMail({ envelope: { from: "", to }, raw });
  transport.close();
}

test("[D51] [D42] mail that was really sent names addresses that work: one for bounces, one for unsubscribing", async () => {
  await someContacts(platform.db, 2);
  await aMailingToAll(platform.db, { kind: "transactional", source: { designation: "commercial" } });
  await until("both are there", async () => sink.received.length === 2);
  await until("both are written down", async () => {
    const row = await platform.db.first<{ count: number }>(
      sql`select count(*)::integer as count from delivery_log`,
    );
    return row?.count === 2;
  });
  const [first, second] = sink.received;
  expect(first?.from).toMatch(new RegExp(`^b\\+[a-z2-7]{40}@${domain}$`));
  await answer(
    first?.from ?? "",
    "From: MAILER-DAEMON@x.test\r\nSubject: failure notice\r\n\r\n550 5.1.1 no such user\r\n",
  );
  const unfolded = String(second?.data).replace(/\r\n[ \t]+/g, " ");
  const mailto = /^List-Unsubscribe: .*<mailto:([^?>]+)\?subject=unsubscribe>/im.exec(unfolded)?.[1] ?? "";
  expect(mailto).toMatch(new RegExp(`^u\\+[a-z2-7]{40}@${domain}$`));
  await answer(mailto, "From: somebody@example.org\r\nSubject: unsubscribe\r\n\r\n\r\n");
  expect(await platform.db.rows(sql`select address_key, category from suppressions`)).toEqual([
    { address_key: first?.to[0], category: "hard-bounce" },
  ]);
  expect(await platform.db.rows(sql`select address_key, granted from consents`)).toEqual([
    { address_key: second?.to[0], granted: false },
  ]);
  // [D53] Nothing is answered: nobody was written to because of it.
  const { count } = (await platform.db.first<{ count: number }>(
    sql`select count(*)::integer as count from delivery_chunks`,
  )) ?? { count: 0 };
  expect([count, sink.received.length]).toEqual([1, 2]);
});
