import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileMessage } from "#core/messages/compile-message.ts";
import type { MessageSource } from "#core/messages/message-source.ts";
import { sampleAttributes, sampleSource } from "#core/messages/sample-message.ts";
import { enqueueFromSql, ensureMailing, type MailingRequest } from "#server/delivery/index.ts";
import {
  createJobs,
  createLog,
  createNews,
  createSecrets,
  type Database,
  type Platform,
  readConfig,
  sql,
  systemClock,
} from "#server/platform/index.ts";
import { createTestDatabase } from "./database.ts";

/** The platform on a database and a data directory of its own, for tests that send. */
export async function createTestPlatform(
  more: Partial<Platform> = {},
): Promise<Platform & { readonly databaseUrl: string; readonly drop: () => Promise<void> }> {
  const { db, url, drop } = await createTestDatabase();
  const directory = mkdtempSync(join(tmpdir(), "postroad-delivery-"));
  const log = createLog("silent");
  return {
    db,
    databaseUrl: url,
    config: readConfig({ POSTROAD_DATA: directory, POSTROAD_PUBLIC_URL: "https://mail.example.com" }),
    clock: systemClock,
    log,
    secrets: createSecrets(Buffer.alloc(32, 7)),
    jobs: createJobs(db, log),
    news: createNews(db, log),
    ...more,
    drop: async () => {
      await drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Token keys that need no database. */
export const testKeys = {
  mac: (kid: number, input: Uint8Array) =>
    kid === 1 ? createHmac("sha512", "test").update(input).digest() : undefined,
  current: () => 1,
};

/** Makes a route, the default one unless told otherwise, and returns its row id. */
export async function aRoute(
  db: Database,
  route: { port: number; maxConnections?: number; messagesPerSecond?: number; isDefault?: boolean },
): Promise<string> {
  const row = await db.first<{ id: string }>(sql`
    insert into routes (name, host, port, tls, max_connections, messages_per_second, is_default)
    values ('Sink', '127.0.0.1', ${route.port}, 'none', ${route.maxConnections ?? 4}, ${route.messagesPerSecond ?? null},
            ${route.isDefault ?? true}) returning id`);
  return row?.id ?? "";
}

/** Makes contacts `person1@example.org` and so on; returns the ids of all contacts there are. */
export async function someContacts(db: Database, count: number): Promise<string[]> {
  await db.run(sql`
    insert into contacts (email, email_key, first_name, last_name, city, attributes)
    select 'person' || n || '@example.org', 'person' || n || '@example.org', 'Person ' || n, 'Example', 'Zürich',
           jsonb_build_object('points', n, 'orders', jsonb_build_array(jsonb_build_object('title', 'Lamp', 'price', n)))
    from generate_series(1, ${count}::int) n`);
  return (await db.rows<{ id: string }>(sql`select id from contacts order by id`)).map(({ id }) => id);
}

/** A live version of a message, compiled as in production; returns its row id. */
export async function aLiveVersion(db: Database, changes: Partial<MessageSource> = {}): Promise<string> {
  const source = { ...sampleSource, ...changes };
  const compiled = compileMessage(source, { attributes: sampleAttributes });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const row = await db.first<{ id: string }>(sql`
    with message as (insert into messages (name, designation) values (${source.name}, ${source.designation}) returning id)
    insert into message_versions (message_id, number, revision, source, compiled, links, content_hash)
    select id, 1, 1, ${JSON.stringify(source)}::jsonb, ${JSON.stringify(compiled.value)}::jsonb,
           ${JSON.stringify(compiled.value.links)}::jsonb, '' from message returning id`);
  return row?.id ?? "";
}

/** Content settings that make a message complete. */
export async function someSettings(db: Database): Promise<void> {
  await db.run(sql`
    insert into content_settings (name, is_default, company_name, postal_address, from_name, from_address)
    values ('Default', true, 'Müller & Söhne', 'Main Street 1', 'Müller', 'news@sender.test')
    on conflict (is_default) where is_default do update set company_name = excluded.company_name,
      postal_address = excluded.postal_address, from_name = excluded.from_name, from_address = excluded.from_address`);
}

/** A mailing to every contact, enqueued; returns the mailing's row id. */
export async function aMailingToAll(
  db: Database,
  request: Partial<MailingRequest> & { source?: Partial<MessageSource> } = {},
): Promise<string> {
  const { source, ...more } = request;
  await someSettings(db);
  const messageVersionId = await aLiveVersion(db, source);
  return db.transaction(async (tx) => {
    const mailingId = await ensureMailing(tx, { kind: "journey", messageVersionId, ...more });
    await enqueueFromSql(tx, { mailingId, from: sql`select id as contact_id, id as visit_id from contacts` });
    return mailingId;
  });
}

/** Cuts what is enqueued and not begun into smaller chunks, so that sharing can be seen without thousands of messages. */
export async function inChunksOf(db: Database, size: number): Promise<void> {
  await db.run(sql`
    with whole as (delete from delivery_chunks where intended = 0 and lease_owner is null returning *), places as (
      select mailing_id, one.contact_id, one.visit_id, whole.id, (one.nth - 1) / ${size}::int as part
      from whole cross join unnest(contact_ids, visit_ids) with ordinality as one(contact_id, visit_id, nth))
    insert into delivery_chunks (mailing_id, contact_ids, visit_ids, size)
    select mailing_id, array_agg(contact_id), array_agg(visit_id), count(*) from places group by mailing_id, id, part`);
}

/** Lets as many deliveries be in doubt as a fault makes: whether a breaker should stop then is a question of its own [D30]. */
export async function letDoubtsPass(db: Database): Promise<void> {
  await db.run(sql`
    insert into settings (key, value) values ('delivery.breakers', '{"inDoubt": 100000}')
    on conflict (key) do update set value = excluded.value`);
}

/** Totals of a mailing by outcome. */
export async function totalsOf(db: Database, mailingId: string): Promise<Record<string, number>> {
  const rows = await db.rows<{ outcome: string; total: string }>(sql`
    select outcome, total from mailing_totals where mailing_id = ${mailingId} and total <> 0 order by outcome`);
  return Object.fromEntries(rows.map(({ outcome, total }) => [outcome, Number(total)]));
}

/** Waits until a condition holds, looking often. Fails with what it saw last. */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  milliseconds = 60_000,
): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`This did not come true in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until a mailing has nothing queued. */
export function untilSettled(db: Database, mailingId: string, milliseconds?: number): Promise<void> {
  return until(
    `mailing ${mailingId} is settled`,
    async () => {
      const row = await db.first<{ open: boolean }>(sql`
        select exists (select from delivery_chunks where mailing_id = ${mailingId} and finished_at is null)
            or exists (select from delivery_retries where mailing_id = ${mailingId}) as open`);
      return row?.open === false;
    },
    milliseconds,
  );
}
