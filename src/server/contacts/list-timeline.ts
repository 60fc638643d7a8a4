import { loadStatement, type Queries } from "../platform/index.ts";

export type TimelineRow = {
  readonly micros: string;
  readonly key: string;
  readonly source: "interaction" | "delivery" | "journey" | "consent";
  readonly kind: string;
  readonly deliveryId: string | null;
  readonly isMachine: boolean;
  readonly messageId: string | null;
  readonly messageName: string | null;
  readonly journeyId: string | null;
  readonly journeyName: string | null;
  readonly details: Readonly<Record<string, string>>;
};

type Row = {
  micros: string;
  key: string;
  source: TimelineRow["source"];
  kind: string;
  delivery_id: string | null;
  is_machine: boolean;
  message_id: string | null;
  message_name: string | null;
  journey_id: string | null;
  journey_name: string | null;
  details: Record<string, string>;
};

const statement = loadStatement(import.meta.url, "./queries/timeline.sql");

/**
 * What happened with a contact, newest first. Reads the records of later domains (interactions, delivery log, journeys,
 * ledger) by SQL only: what they mean is theirs.
 */
export async function listTimeline(
  db: Queries,
  contact: { readonly id: string; readonly emailKey: string },
  page: { readonly before: readonly [micros: string, key: string] | undefined; readonly limit: number },
): Promise<TimelineRow[]> {
  const [micros, key] = page.before ?? [null, null];
  const rows = await db.named<Row>(statement, [contact.id, contact.emailKey, micros, key, page.limit + 1]);
  return rows.map((row) => ({
    micros: row.micros,
    key: row.key,
    source: row.source,
    kind: row.kind,
    deliveryId: row.delivery_id,
    isMachine: row.is_machine,
    messageId: row.message_id,
    messageName: row.message_name,
    journeyId: row.journey_id,
    journeyName: row.journey_name,
    details: row.details,
  }));
}
