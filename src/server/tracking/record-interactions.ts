import { loadStatement, type News, sql, type Transaction } from "../platform/index.ts";

/**
 * Something that happened, as given by whoever noticed it. With a `deliveryId`, contact, mailing, message and journey
 * follow from it; without one, `contactId` says who it was. Ids are decimal row numbers.
 */
export type InteractionRow = {
  /** A UUID made where it was noticed. Writing the same one again changes nothing. */
  readonly hitId: string;
  readonly kind: string;
  readonly at: Date;
  readonly deliveryId?: string;
  readonly contactId?: string;
  readonly mailingId?: string;
  readonly linkNumber?: number;
  readonly eventId?: string;
  readonly agent?: "human" | "machine";
  readonly evidence?: string | null;
  readonly ip?: string;
  readonly userAgent?: string;
  /** Of a hit: how it was asked for, left out for GET. */
  readonly method?: string | undefined;
  readonly prefetch?: string | undefined;
  /** Of a hit: the number of the rules that it was judged by. */
  readonly rules?: number;
  readonly data?: unknown;
};

/** An interaction that was new, with what it was resolved to. */
export type RecordedInteraction = {
  readonly hitId: string;
  /** "0": nobody we know. */
  readonly contactId: string;
  readonly mailingId: string | null;
  readonly messageId: string | null;
};

const recordStatement = loadStatement(import.meta.url, "./queries/record-interactions.sql");

/** Held by who writes interactions until the transaction ends, so that firsts and totals have one writer. */
const writerLock = 0x7069_6e74;

/** Waits until nobody else writes interactions. */
export async function lockInteractions(tx: Transaction): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(${writerLock})`);
}

/** The only writer of interactions: once by hit id, with firsts, totals and news. Returns those that were new. */
export async function recordInteractions(
  tx: Transaction,
  news: News,
  rows: readonly InteractionRow[],
): Promise<readonly RecordedInteraction[]> {
  if (rows.length === 0) return [];
  await lockInteractions(tx);
  const subscribers = news.subscribersOf("contact.interacted");
  const given = JSON.stringify(
    rows.map((row) => ({
      hit_id: row.hitId,
      kind: row.kind,
      contact_id: row.contactId,
      mailing_id: row.mailingId,
      delivery_id: row.deliveryId,
      link_number: row.linkNumber,
      event_id: row.eventId,
      agent: row.agent ?? "human",
      evidence: row.evidence,
      ip: row.ip,
      user_agent: row.userAgent,
      method: row.method,
      prefetch: row.prefetch,
      rules: row.rules,
      data: row.data,
      at: row.at.toISOString(),
    })),
  );
  type Recorded = {
    hit_id: string;
    contact_id: string;
    mailing_id: string | null;
    message_id: string | null;
  };
  const recorded = await tx.named<Recorded>(recordStatement, [given, subscribers]);
  if (subscribers.length > 0 && recorded.length > 0) await tx.run(sql`select pg_notify('news', '')`);
  return recorded.map(({ hit_id, contact_id, mailing_id, message_id }) => ({
    hitId: hit_id,
    contactId: contact_id,
    mailingId: mailing_id,
    messageId: message_id,
  }));
}
