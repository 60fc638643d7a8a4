import { loadStatement, type Queries } from "../platform/index.ts";

/** What is kept of an address and what its ledger says: granted, withdrawn, or null for nothing at all. */
export type ConsentDifference = {
  readonly addressKey: string;
  /** A row number; 0 is all commercial mail. */
  readonly topicId: string;
  readonly kept: boolean | null;
  readonly folded: boolean | null;
  readonly since: Date | null;
  readonly eventId: string | null;
};

const statement = loadStatement(import.meta.url, "./queries/verify.sql");

/** [C3] Proves the fold of every address and topic against the ledger. An empty list is the proof. */
export async function verifyConsent(db: Queries): Promise<ConsentDifference[]> {
  const rows = await db.named<{
    address_key: string;
    topic_id: string;
    kept: boolean | null;
    folded: boolean | null;
    since: Date | null;
    event_id: string | null;
  }>(statement, []);
  return rows.map(({ address_key, topic_id, event_id, ...rest }) => ({
    addressKey: address_key,
    topicId: topic_id,
    eventId: event_id,
    ...rest,
  }));
}
