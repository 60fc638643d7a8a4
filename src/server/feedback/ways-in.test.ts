import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mintTokens } from "#core/tracking/tokens.ts";
import { openDatabase, type Platform, readConfig, sql } from "#server/platform/index.ts";
import { until } from "#test/mailing.ts";
import { aMailing, someContacts } from "#test/mailings.ts";
import { createTestProduct, type TestProduct } from "#test/product.ts";
import { testCertificate } from "#test/test-certificate.ts";
import { watchCertificate } from "./inbound-certificate.ts";
import { type InboundMail, purgeReports, startInboundMail, startTally } from "./index.ts";
import { takeMail } from "./take-mail.ts";

const domain = "bounces.sender.test";
let world: TestProduct;
let deliveryId: string;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  world = await createTestProduct();
  stops = [];
  await world.db.run(sql`
    insert into routes (name, host, port, tls, bounce_domain) values ('Out', 'smtp.test', 25, 'none', ${domain})`);
  const contactIds = await someContacts(world.db, ["ana@example.org"]);
  const mailing = await aMailing(world.db, { contactIds });
  deliveryId = mailing.deliveryIds[0] ?? "";
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await world.stop();
});

async function listen(
  platform: Platform = world.platform,
  certificate?: { cert: string; key: string },
): Promise<InboundMail> {
  const tally = startTally(platform.db, platform.log);
  const inbound = await startInboundMail(
    { platform, tracking: world.product.tracking, tally },
    { port: 0, host: "127.0.0.1", certificate },
  );
  stops.push(inbound.stop, tally.stop);
  return inbound;
}

const tag = () => mintTokens(deliveryId, 1, world.product.tracking.keys.mac).bounce;
const address = () => `b+${tag()}@${domain}`;
const bounce = `From: MAILER-DAEMON@there.test\r\nSubject: failure notice\r\nMessage-ID: <same@there.test>\r\n\r\n550 5.1.1 no such user\r\n`;

/** Sends as a mail server does; resolves with the code of its answer. */
async function come(
  inbound: InboundMail,
  to: string,
  raw: string,
  tls: object = { ignoreTLS: true },
): Promise<number> {
  const transport = createTransport({ host: "127.0.0.1", port: inbound.port, ...tls });
  try {
    await transport.sendMail({ envelope: { from: "", to }, raw });
    return 250;
  } catch (error) {
    return Number((error as { responseCode?: number }).responseCode);
  } finally {
    transport.close();
  }
}

test("[D53] whoever is refused at the listener is counted, forged addresses apart, and shown", async () => {
  const inbound = await listen();
  const forged = address().replace(/^b\+./, (begin) => (begin === "b+a" ? "b+b" : "b+a"));
  for (const to of [
    forged,
    forged.replace(domain, "elsewhere.test"),
    "postmaster@sender.test",
    address().replace(domain, "elsewhere.test"),
  ])
    expect(await come(inbound, to, bounce)).toBe(550);
  const analyst = await world.as("analyst");
  const shown = async () => (await analyst.request("GET", "/api/feedback")).body;
  const counts = { forged: 2, unknown: 2, tooLarge: 0 };
  await until("they are counted", async () =>
    JSON.stringify(await shown()).includes(JSON.stringify(counts).slice(0, -1)),
  );
  expect(await shown()).toMatchObject({ inbound: { refused: { ...counts, lastAt: expect.any(String) } } });
});

test("[D53] mail up to 20 MB is taken, above that it is refused, and the connection lives on", async () => {
  const inbound = await listen();
  const megabytes = 20 * 1024 * 1024;
  const filled = (bytes: number) =>
    bounce + `${"x".repeat(998)}\r\n`.repeat(Math.ceil(bytes / 1000)).slice(0, bytes - bounce.length);
  const transport = createTransport({
    host: "127.0.0.1",
    port: inbound.port,
    ignoreTLS: true,
    pool: true,
    maxConnections: 1,
  });
  const send = (raw: string) => transport.sendMail({ envelope: { from: "", to: address() }, raw });
  await expect(send(filled(megabytes + 5000))).rejects.toMatchObject({ responseCode: 552 });
  expect(await world.db.rows(sql`select from feedback`)).toEqual([]);
  await send(filled(megabytes - 5000));
  transport.close();
  expect(await world.db.rows(sql`select kind from feedback`)).toEqual([{ kind: "bounce" }]);
});

describe("[D97] STARTTLS at the listener", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "postroad-inbound-"));
    writeFileSync(join(folder, "cert.pem"), testCertificate.cert);
    writeFileSync(join(folder, "key.pem"), testCertificate.key);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const files = () => ({ cert: join(folder, "cert.pem"), key: join(folder, "key.pem") });

  test("is offered with a certificate, and mail comes that way", async () => {
    const inbound = await listen(world.platform, files());
    const tls = { requireTLS: true, tls: { ca: testCertificate.cert, servername: "localhost" } };
    expect(await come(inbound, address(), bounce, tls)).toBe(250);
    expect(await world.db.rows(sql`select kind from feedback`)).toEqual([{ kind: "bounce" }]);
  });

  test("is not offered without, and files that do not fit let nothing start", async () => {
    const plain = await listen();
    expect(await come(plain, address(), bounce, { requireTLS: true })).not.toBe(250);
    copyFileSync(files().cert, files().key);
    await expect(listen(world.platform, files())).rejects.toThrow();
  });

  test("both files are needed", () => {
    expect(() => readConfig({ POSTROAD_INBOUND_SMTP_CERT: "cert.pem" })).toThrow(/needed together/);
    const both = readConfig({
      POSTROAD_INBOUND_SMTP_CERT: files().cert,
      POSTROAD_INBOUND_SMTP_KEY: files().key,
    });
    expect(both.inboundSmtpCertificate).toEqual(files());
  });

  test("a renewed certificate is taken once its files fit together", async () => {
    const renewed: string[] = [];
    const stop = watchCertificate(
      files(),
      world.platform.log,
      ({ cert }) => renewed.push(cert.toString()),
      10,
    );
    try {
      writeFileSync(files().cert, "half written");
      utimesSync(files().cert, new Date(), new Date(Date.now() + 5000));
      writeFileSync(files().cert, `${testCertificate.cert}\n`);
      utimesSync(files().cert, new Date(), new Date(Date.now() + 9000));
      await until("it is taken", async () => renewed.length > 0);
      expect(renewed).toEqual([`${testCertificate.cert}\n`]);
    } finally {
      stop();
    }
  });
});

test("[D47] the same bounce at two listeners, in the mailbox and by a webhook, all at once, is one fact", async () => {
  const otherDb = openDatabase(world.databaseUrl, world.platform.log);
  try {
    const [one, other] = [await listen(), await listen({ ...world.platform, db: otherDb })];
    const admin = await world.as("admin");
    const hook = await admin.request("POST", "/api/webhooks", { name: "x", provider: "postmark" });
    const path = new URL((hook.body as { address: string }).address).pathname;
    const told = {
      RecordType: "Bounce",
      ID: 1,
      Type: "HardBounce",
      Email: "ana@example.org",
      Metadata: { postroad: tag() },
    };
    const fromMailbox = {
      raw: Buffer.from(`Delivered-To: ${address()}\r\n${bounce}`),
      recipients: [],
      sender: "",
      way: "imap",
    } as const;
    const deps = { platform: world.platform, tracking: world.product.tracking };
    const rounds = Array.from({ length: 3 }, () => [
      come(one, address(), bounce),
      come(other, address(), bounce),
      takeMail(deps, fromMailbox).then(() => 250),
      world.anonymous.request("POST", path, told).then(({ status }) => status),
    ]);
    const answers = await Promise.all(rounds.flat());
    expect(new Set(answers)).toEqual(new Set([250, 200]));
    await world.platform.news.deliver("tracking.bounces");
    expect(await world.db.rows(sql`select delivery_id from bounces`)).toEqual([{ delivery_id: deliveryId }]);
    expect(await world.db.rows(sql`select kind from interactions`)).toEqual([{ kind: "bounce" }]);
    expect(await world.db.rows(sql`select address_key from suppressions`)).toEqual([
      { address_key: "ana@example.org" },
    ]);
    expect(
      await world.db.rows(sql`select split_part(way, '/', 1) = 'webhook' as told from feedback order by 1`),
    ).toEqual([{ told: false }, { told: true }]);
  } finally {
    for (const stop of stops.splice(0)) await stop();
    await otherDb.close();
  }
});

test("[D96] reports are forgotten after 90 days, all of them, day after day; what followed stays", async () => {
  const inbound = await listen();
  await come(inbound, address(), bounce);
  await world.db.run(sql`
    insert into feedback (key, way, kind, diagnostic, sender, subject, at)
    select sha256(number::text::bytea), 'smtp', 'bounce', '', '', '', now() - interval '91 days' from generate_series(1, 12000) number`);
  await world.db.run(sql`update feedback set at = now() - interval '89 days' where delivery_id is not null`);
  await world.db.run(
    sql`insert into webhooks (name, provider, secret_hash, secret_box) values ('x', 'postmark', 'x', 'x')`,
  );
  await world.db.run(sql`
    insert into webhook_tokens (webhook_id, token_hash, body_hash, at)
    select id, age::bytea, '', now() - age::interval from webhooks, unnest(array['1 day', '3 days']) age`);
  await world.db.run(sql`update jobs set run_at = now() where kind = 'feedback.purge'`);
  await world.runJobs();
  expect(await world.db.rows(sql`select kind from feedback`)).toEqual([{ kind: "bounce" }]);
  expect(
    await world.db.rows(sql`select convert_from(token_hash, 'UTF8') as age from webhook_tokens`),
  ).toEqual([{ age: "1 day" }]);
  expect(
    await world.db.rows(
      sql`select run_at > now() + interval '23 hours' as tomorrow from jobs where kind = 'feedback.purge'`,
    ),
  ).toEqual([{ tomorrow: true }]);
  await world.db.run(sql`update feedback set at = now() - interval '91 days'`);
  expect(await purgeReports(world.platform)).toBe(1);
  expect(await world.db.rows(sql`select from bounces`)).toHaveLength(1);
});
