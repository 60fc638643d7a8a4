import { loadStatement, type Queries } from "../platform/index.ts";

/** A kept number that is not what its rows say. */
export type TrackingDifference = {
  readonly keptIn: "totals" | "hours";
  readonly mailingId: string;
  readonly kind: string;
  readonly agent: string;
  /** The link number, or the hour. */
  readonly place: string;
  readonly kept: { readonly total: number; readonly firsts: number };
  readonly counted: { readonly total: number; readonly firsts: number };
};

const verifyStatement = loadStatement(import.meta.url, "./queries/verify-totals.sql");

/** Proves every total and every hour of tracking against its rows. An empty list is the proof. */
export async function verifyTracking(db: Queries): Promise<readonly TrackingDifference[]> {
  type Row = {
    kept_in: "totals" | "hours";
    mailing_id: string;
    kind: string;
    agent: string;
    place: string;
    kept_total: string | null;
    kept_firsts: string | null;
    counted_total: string | null;
    counted_firsts: string | null;
  };
  const rows = await db.named<Row>(verifyStatement, []);
  return rows.map((row) => ({
    keptIn: row.kept_in,
    mailingId: row.mailing_id,
    kind: row.kind,
    agent: row.agent,
    place: row.place,
    kept: { total: Number(row.kept_total ?? 0), firsts: Number(row.kept_firsts ?? 0) },
    counted: { total: Number(row.counted_total ?? 0), firsts: Number(row.counted_firsts ?? 0) },
  }));
}
