import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { fateAfterDoubts } from "#core/delivery/ledger-states.ts";
import { suppress } from "../consent/index.ts";
import { type Database, loadStatement, type News, sql, type Transaction } from "../platform/index.ts";
import type { Fate } from "./fate.ts";

/** A fate and what it belongs to. Row ids are decimal strings. */
export type FateRow = {
  readonly mailingId: string;
  readonly contactId: string;
  readonly visitId: string;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly doubts: number;
  /** It may stand among those that are put off: it came from there, or its lease is over and somebody else decided about it. */
  readonly isRetry: boolean;
  readonly expiresAt: Date;
  readonly routeId: string | null;
  readonly address: string;
  readonly addressKey: string;
  readonly fate: Fate;
};

type FinalRow = FateRow & { readonly fate: Extract<Fate, { kind: "final" }> };
type AgainRow = FateRow & { readonly fate: Extract<Fate, { kind: "again" }> };

const mergeStatement = loadStatement(import.meta.url, "./queries/merge-log.sql");

/**
 * [D3] Commits fates: log rows, totals, retries, suppressions and news in one transaction. The log takes them by COPY; if a row
 * is there already (a commit whose answer was lost, a sender that woke up late), they are merged one by one
 * instead: what is known for sure replaces a doubt, and nothing is counted twice.
 */
export async function recordFates(db: Database, news: News, rows: readonly FateRow[]): Promise<void> {
  try {
    await db.transaction((tx) => recordInside(tx, news, rows, "copy"));
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === "23505")) throw error;
    await db.transaction((tx) => recordInside(tx, news, rows, "merge"));
  }
}

/** The same inside a transaction that has other work to do, merging. */
export function mergeFates(tx: Transaction, news: News, rows: readonly FateRow[]): Promise<void> {
  return recordInside(tx, news, rows, "merge");
}

async function recordInside(
  tx: Transaction,
  news: News,
  rows: readonly FateRow[],
  way: "copy" | "merge",
): Promise<void> {
  const finals = rows.filter((row): row is FinalRow => row.fate.kind === "final").map(honestly);
  const again = rows.filter((row): row is AgainRow => row.fate.kind === "again");
  if (finals.length > 0) {
    if (way === "copy") await copyFinals(tx, finals);
    else await mergeFinals(tx, finals);
    const retried = finals.filter(({ isRetry }) => isRetry).map(({ deliveryId }) => deliveryId);
    if (retried.length > 0)
      await tx.run(sql`delete from delivery_retries where delivery_id = any(${retried}::bigint[])`);
    await tellOfBounces(tx, news, finals);
  }
  if (again.length > 0) await keepRetries(tx, again);
}

/** [D71] */
function honestly(row: FinalRow): FinalRow {
  if (row.doubts === 0) return row;
  return { ...row, fate: { ...row.fate, outcome: fateAfterDoubts(row.fate.outcome, row.doubts) } };
}

async function copyFinals(tx: Transaction, rows: readonly FinalRow[]): Promise<void> {
  const copy = tx.client.query(
    copyFrom(`copy delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, reason, smtp_code, enhanced, reply,
      attempts, doubts, route_id, address) from stdin`),
  );
  await pipeline(Readable.from([Buffer.from(rows.map(copyLine).join(""), "utf8")]), copy);
  const totals = new Map<string, { mailingId: string; outcome: string; total: number }>();
  for (const { mailingId, fate } of rows) {
    const key = `${mailingId} ${fate.outcome}`;
    const entry = totals.get(key) ?? { mailingId, outcome: fate.outcome, total: 0 };
    entry.total++;
    totals.set(key, entry);
  }
  const moved = [...totals.values()];
  await tx.run(sql`
    insert into mailing_totals (mailing_id, outcome, total)
    select * from unnest(${moved.map(({ mailingId }) => mailingId)}::bigint[], ${moved.map(({ outcome }) => outcome)}::text[],
                         ${moved.map(({ total }) => total)}::bigint[]) as moved(mailing_id, outcome, total)
    order by mailing_id, outcome
    on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total`);
}

function copyLine({ fate, ...row }: FinalRow): string {
  const { code, enhanced, text } = fate.answer;
  return (
    `${row.mailingId}\t${row.contactId}\t${row.visitId}\t${row.deliveryId}\t${fate.outcome}\t${copyText(fate.reason)}\t` +
    `${code ?? "\\N"}\t${copyText(enhanced)}\t${copyText(text)}\t${row.attempt}\t${row.doubts}\t${row.routeId ?? "\\N"}\t${copyText(row.address)}\n`
  );
}

/** PostgreSQL's COPY text format: null, and the four characters that would end a value, a row or start an escape. */
function copyText(value: string | null): string {
  if (value === null) return "\\N";
  // Nearly no value has any of them: one look is cheaper than writing it anew.
  if (!copySpecial.test(value)) return value;
  return value.replaceAll("\0", "").replace(/[\\\t\n\r]/g, (character) => copyEscapes[character] ?? "");
}

const copySpecial = /[\0\\\t\n\r]/;
const copyEscapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

async function mergeFinals(tx: Transaction, rows: readonly FinalRow[]): Promise<void> {
  await tx.named(mergeStatement, [
    JSON.stringify(
      rows.map(({ fate, ...row }) => ({
        mailing_id: row.mailingId,
        contact_id: row.contactId,
        visit_id: row.visitId,
        delivery_id: row.deliveryId,
        outcome: fate.outcome,
        reason: fate.reason,
        smtp_code: fate.answer.code,
        enhanced: fate.answer.enhanced,
        reply: fate.answer.text.replaceAll("\0", ""),
        attempts: row.attempt,
        doubts: row.doubts,
        route_id: row.routeId,
        address: row.address,
      })),
    ),
  ]);
}

/** [D16] A hard bounce suppresses its address in the transaction that logs it, and whoever counts interactions hears of every refusal. */
async function tellOfBounces(tx: Transaction, news: News, rows: readonly FinalRow[]): Promise<void> {
  const bounced = rows.filter(({ fate }) => fate.bounce !== null);
  if (bounced.length === 0) return;
  const hard = bounced.filter(({ fate }) => fate.bounce?.isHard);
  if (hard.length > 0)
    await suppress(
      tx,
      hard.map(({ addressKey, fate }) => ({
        addressKey,
        category: "hard-bounce",
        reason: fate.answer.text.slice(0, 500),
        source: "bounce",
      })),
    );
  await news.publish(
    tx,
    "delivery.bounced",
    bounced.map(({ deliveryId, mailingId, contactId, fate }) => ({
      deliveryId,
      mailingId,
      contactId,
      category: fate.bounce?.category,
      isHard: fate.bounce?.isHard,
      diagnostic: fate.answer.text,
    })),
  );
}

/**
 * Puts deliveries off. A doubt gives way to an answer that came after all, as in `merge-log.sql`; what has any other fate in the log
 * keeps it.
 */
async function keepRetries(tx: Transaction, rows: readonly AgainRow[]): Promise<void> {
  await tx.run(sql`
    with given as (
      select * from unnest(
        ${rows.map(({ deliveryId }) => deliveryId)}::bigint[], ${rows.map(({ mailingId }) => mailingId)}::bigint[],
        ${rows.map(({ contactId }) => contactId)}::bigint[], ${rows.map(({ visitId }) => visitId)}::bigint[],
        ${rows.map(({ address }) => address)}::text[],
        ${rows.map(({ attempt, fate }) => attempt - (fate.isCharged ? 0 : 1))}::smallint[],
        ${rows.map(({ doubts, fate }) => doubts + (fate.addsDoubt ? 1 : 0))}::smallint[],
        ${rows.map(({ fate }) => fate.at)}::timestamptz[], ${rows.map(({ fate }) => fate.answer.code)}::smallint[],
        ${rows.map(({ fate }) => fate.answer.enhanced)}::text[], ${rows.map(({ fate }) => fate.answer.text.replaceAll("\0", ""))}::text[],
        ${rows.map(({ expiresAt }) => expiresAt)}::timestamptz[], ${rows.map(({ routeId }) => routeId)}::bigint[]
      ) as one(delivery_id, mailing_id, contact_id, visit_id, address, attempts, doubts, next_at, last_code, last_enhanced, last_reply,
               expires_at, route_id)
    ), logged as materialized (
      select log.* from delivery_log log join given using (mailing_id, contact_id, visit_id)
    ), answered as (
      delete from delivery_log log using logged
      where log.mailing_id = logged.mailing_id and log.contact_id = logged.contact_id and log.visit_id = logged.visit_id
        and log.delivery_id = logged.delivery_id and log.outcome = 'in-doubt'
      returning log.mailing_id
    ), moved as (
      insert into mailing_totals (mailing_id, outcome, total)
      select mailing_id, 'in-doubt', -count(*) from answered group by mailing_id order by mailing_id
      on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total
    )
    insert into delivery_retries (delivery_id, mailing_id, contact_id, visit_id, address, attempts, doubts, next_at, last_code,
                                  last_enhanced, last_reply, expires_at, route_id)
    select * from given
    where not exists (select from logged where logged.outcome <> 'in-doubt' and logged.delivery_id = given.delivery_id)
    on conflict (delivery_id) do update set
      attempts = excluded.attempts, doubts = excluded.doubts, next_at = excluded.next_at, last_code = excluded.last_code,
      last_enhanced = excluded.last_enhanced, last_reply = excluded.last_reply, route_id = excluded.route_id, pace = null, lease_owner = null, lease_until = null`);
}
