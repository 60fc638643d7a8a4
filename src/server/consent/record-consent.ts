import { loadStatement, type News, type Queries, sql, type Transaction } from "../platform/index.ts";

/** Where an event came from. Public pages use `subscription-centre`, `one-click`, `form` and `event`. */
export type ConsentSource =
  | "import"
  | "form"
  | "subscription-centre"
  | "one-click"
  | "mail"
  | "complaint"
  | "person"
  | "event"
  | "api"
  | "journey";

/** One event for the ledger [C4]. `topicId` is a row number, null for all commercial mail. */
export type ConsentEntry = {
  readonly addressKey: string;
  readonly topicId: string | null;
  readonly kind: "granted" | "withdrawn";
  readonly source: ConsentSource;
  readonly wording?: string | null;
  readonly ip?: string | null;
  readonly userAgent?: string | null;
  /** Who recorded it, as a readable label. */
  readonly actor?: string | null;
  readonly deliveryId?: string | null;
  /** When it was given; the database's clock if left out. */
  readonly at?: Date | null;
};

const statement = loadStatement(import.meta.url, "./queries/record-consent.sql");

/**
 * Adds events to the ledger and moves the fold, in the transaction of whatever made them true. Publishes
 * `consent.withdrawn` and `consent.granted` with { addressKey, topicId, contactId } [C7]. Returns how many were added:
 * fewer than given only for imports [C6].
 */
export async function recordConsent(
  news: News,
  tx: Transaction,
  entries: readonly ConsentEntry[],
): Promise<number> {
  if (entries.length === 0) return 0;
  const column = <Value>(of: (entry: ConsentEntry) => Value) => entries.map(of);
  const added = await tx.named<AddedRow>(statement, [
    column((entry) => entry.addressKey),
    column((entry) => entry.topicId),
    column((entry) => entry.kind),
    column((entry) => entry.source),
    column((entry) => entry.wording ?? null),
    column((entry) => entry.ip ?? null),
    column((entry) => entry.userAgent?.slice(0, 300) ?? null),
    column((entry) => entry.actor ?? null),
    column((entry) => entry.deliveryId ?? null),
    column((entry) => entry.at ?? null),
  ]);
  await publish(news, tx, "withdrawn", added);
  await publish(news, tx, "granted", added);
  return added.length;
}

type AddedRow = { id: string; address_key: string; topic_id: string | null; kind: string };

async function publish(
  news: News,
  tx: Transaction,
  kind: "granted" | "withdrawn",
  added: readonly AddedRow[],
): Promise<void> {
  const rows = added.filter((row) => row.kind === kind);
  if (rows.length === 0 || news.subscribersOf(`consent.${kind}`).length === 0) return;
  const contacts = await contactsBy(
    tx,
    rows.map((row) => row.address_key),
  );
  await news.publish(
    tx,
    `consent.${kind}`,
    rows.map((row) => ({
      addressKey: row.address_key,
      topicId: row.topic_id,
      contactId: contacts.get(row.address_key) ?? null,
    })),
  );
}

async function contactsBy(tx: Queries, addressKeys: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; emailKey: string }>(sql`
    select id, email_key as "emailKey" from contacts where email_key = any(${[...addressKeys]}::text[])`);
  return new Map(rows.map((row) => [row.emailKey, row.id]));
}
