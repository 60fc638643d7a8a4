import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import copyStreams from "pg-copy-streams";
import { loadStatement, sql, type Transaction } from "../../platform/index.ts";
import type { ImportBatch } from "./read-batches.ts";
import { type GivenConsent, type ImportRecord, insertErrors, keptErrors, moveProgress } from "./store.ts";

/**
 * Records consent that came with an import for a set of addresses. Given by compose, since consent is a later domain;
 * it brings back nobody who withdrew (docs/spec/consent.md, C6).
 */
export type GrantConsent = (
  tx: Transaction,
  addressKeys: readonly string[],
  consent: GivenConsent & { readonly actor: string },
) => Promise<void>;

const update = loadStatement(import.meta.url, "../queries/import-update.sql");
const skip = loadStatement(import.meta.url, "../queries/import-skip.sql");

/** Thrown to roll back a batch that is not this run's to do: the import was cancelled, or another run did it. */
export class BatchIsNotOurs extends Error {}

/**
 * Takes over one batch in the transaction that moves the progress over it: after a crash it was either done and is behind
 * the progress, or it was not and leaves no trace.
 */
export async function takeOverBatch(
  tx: Transaction,
  record: ImportRecord,
  batch: ImportBatch,
  grantConsent: GrantConsent,
): Promise<void> {
  await tx.run(sql`
    create temporary table if not exists import_rows (
      email text not null, email_key text not null, first_name text, last_name text, language text, time_zone text,
      country text, city text, attributes jsonb not null) on commit delete rows`);
  await pipeline(
    Readable.from([batch.lines]),
    tx.client.query(copyStreams.from("copy import_rows from stdin")),
  );
  const [taken] = await tx.named<{ created: number }>(record.onDuplicate === "skip" ? skip : update, []);
  const created = taken?.created ?? 0;
  const known = batch.addresses - created + batch.repeated;
  const moved = await moveProgress(
    tx,
    record.id,
    { from: batch.from, to: batch.to },
    {
      rows: batch.rows,
      created,
      updated: record.onDuplicate === "update" ? known : 0,
      skipped: record.onDuplicate === "skip" ? known : 0,
      failed: batch.failed.length,
    },
  );
  if (!moved) throw new BatchIsNotOurs();
  const room = Math.max(0, keptErrors - record.failedRows);
  await insertErrors(tx, record.id, batch.failed.slice(0, room));
  const { consent } = record.mapping;
  if (consent) await grantConsent(tx, batch.keys, { ...consent, actor: `import ${record.fileName}` });
}
