import { generateKeyPairSync } from "node:crypto";
import { Liquid } from "liquidjs";
import { createTransport } from "nodemailer";
import { type Database, sql } from "#server/platform/index.ts";
import type { CountingSink, SinkCounts } from "../sink/counting-sink.ts";
import { letter } from "./letter.ts";
import type { Signature } from "./prepare-letter.ts";
import { costOf } from "./process-cost.ts";

export type Everyday = {
  readonly perSecond: number;
  /** Microseconds of processor time a message, of the client and of PostgreSQL. */
  readonly cpuPerPiece: number;
  readonly seen: SinkCounts;
};

type Recipient = { readonly id: string; readonly email: string; readonly contact: Record<string, unknown> };

const page = 1000;

/**
 * What a team would write first: Liquid templates parsed once, a pool of connections, and one update a message in a table of its
 * own. No consent, no rates, no proof after a crash. The letter, the recipients and the sink are those of the product's run.
 */
export async function measureEveryday(
  db: Database,
  sink: CountingSink,
  options: {
    readonly messages: number;
    readonly connections: number;
    readonly signed: Signature;
    readonly postgresPid: number;
  },
): Promise<Everyday> {
  await db.run(
    sql`create table everyday_sends (id bigint primary key, state text not null, sent_at timestamptz)`,
  );
  await db.run(sql`
    insert into everyday_sends (id, state) select id, 'waiting' from contacts order by id limit ${options.messages}`);
  await db.run(sql`vacuum (analyze) everyday_sends`);
  await sink.reset();
  const send = createSender(db, sink.port, options);
  const before = { at: performance.now(), client: process.cpuUsage(), server: costOf(options.postgresPid) };
  let after = "0";
  for (;;) {
    const recipients = await db.rows<Recipient>(sql`
      select id, email, to_jsonb(contacts) || attributes as contact from contacts
      where id in (select id from everyday_sends where state = 'waiting' and id > ${after} order by id limit ${page})
      order by id`);
    if (recipients.length === 0) break;
    await inParallel(recipients, options.connections * 2, send.one);
    after = recipients.at(-1)?.id ?? after;
  }
  const seconds = (performance.now() - before.at) / 1000;
  const { user, system } = process.cpuUsage(before.client);
  const server = costOf(options.postgresPid).cpuMicroseconds - before.server.cpuMicroseconds;
  send.close();
  return {
    perSecond: options.messages / seconds,
    cpuPerPiece: (user + system + server) / options.messages,
    seen: await sink.counts(),
  };
}

async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}

function createSender(
  db: Database,
  port: number,
  { connections, signed }: { readonly connections: number; readonly signed: Signature },
): { readonly one: (recipient: Recipient) => Promise<void>; readonly close: () => void } {
  const transport = createTransport({
    pool: true,
    host: "127.0.0.1",
    port,
    secure: false,
    ignoreTLS: true,
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    // nodemailer signs by RSA only.
    ...(signed === "rsa"
      ? { dkim: { domainName: "bench.example", keySelector: "s", privateKey: makeKey() } }
      : {}),
  });
  const render = createTemplates();
  return {
    async one({ id, email, contact }) {
      const { subject, html, text } = await render(id, contact);
      await transport.sendMail({
        from: `${letter.fromName} <${letter.fromAddress}>`,
        to: email,
        messageId: `<${id}.everyday@bench.example>`,
        subject,
        html,
        text,
        headers: { "List-Unsubscribe": `<https://mail.bench.example/u/${id}>` },
      });
      await db.run(sql`update everyday_sends set state = 'sent', sent_at = now() where id = ${id}`);
    },
    close: () => transport.close(),
  };
}

function makeKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** The letter's own HTML with counted links and a pixel, and a text without its tags. */
function createTemplates() {
  const liquid = new Liquid();
  liquid.registerFilter("currency", (value: number, code: string) =>
    new Intl.NumberFormat("en", { style: "currency", currency: code }).format(value),
  );
  let links = 0;
  const counted = letter.html
    .replace(/href="https:[^"]*"/g, () => `href="https://mail.bench.example/c/{{ token }}/${++links}"`)
    .replace("</body>", '<img src="https://mail.bench.example/o/{{ token }}.gif" alt=""></body>');
  const bare = letter.html.replace(/<a href="([^"]*)"[^>]*>/g, "$1 ").replace(/<[^>]+>/g, "");
  const templates = [letter.subject, counted, bare].map((source) => liquid.parse(source));
  return async (id: string, contact: Record<string, unknown>) => {
    const scope = {
      contact,
      token: `AQAAAAAAAAQA${id.padStart(22, "0")}`,
      settings: { postal_address: "1 Bench Road, Bonn" },
      links: {
        subscription_center: `https://mail.bench.example/p/${id}`,
        unsubscribe: `https://mail.bench.example/u/${id}`,
      },
    };
    const [subject = "", html = "", text = ""] = await Promise.all(
      templates.map(async (template) => String(await liquid.render(template, scope))),
    );
    return { subject, html, text };
  };
}
