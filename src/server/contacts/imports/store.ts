import { refuse } from "#contract/errors.ts";
import type { Column } from "#core/contacts/import/column.ts";
import type { FileFormat } from "#core/contacts/import/guess-format.ts";
import { type Queries, sql } from "../../platform/index.ts";

export type ImportState = "uploaded" | "running" | "finished" | "cancelled" | "failed";

/** Consent that the people in a file gave; the topic by row number. */
export type GivenConsent = {
  readonly topicId: string;
  readonly wording: string;
  readonly givenAt: string | null;
};

export type ImportRecord = {
  readonly id: string;
  readonly fileName: string;
  readonly storedFile: string;
  readonly sizeBytes: number;
  readonly state: ImportState;
  readonly format: FileFormat;
  readonly mapping: { readonly columns: readonly Column[]; readonly consent: GivenConsent | null };
  readonly onDuplicate: "update" | "skip";
  readonly readBytes: number;
  readonly readRows: number;
  readonly createdRows: number;
  readonly updatedRows: number;
  readonly skippedRows: number;
  readonly failedRows: number;
  readonly problem: string | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Seconds since it started by the database's clock, until it finished. */
  readonly seconds: number | null;
};

// Counts are far below 2^53, so they may be numbers.
const columns = sql`id, file_name as "fileName", stored_file as "storedFile", size_bytes::float8 as "sizeBytes", state, format,
  mapping, on_duplicate as "onDuplicate", read_bytes::float8 as "readBytes", read_rows::float8 as "readRows",
  created_rows::float8 as "createdRows", updated_rows::float8 as "updatedRows", skipped_rows::float8 as "skippedRows",
  failed_rows::float8 as "failedRows", problem, created_by as "createdBy", created_at as "createdAt",
  started_at as "startedAt", finished_at as "finishedAt",
  extract(epoch from coalesce(finished_at, clock_timestamp()) - started_at)::float8 as seconds`;

export async function insertImport(
  tx: Queries,
  record: Pick<ImportRecord, "fileName" | "storedFile" | "sizeBytes" | "format" | "mapping" | "createdBy">,
): Promise<ImportRecord> {
  const row = await tx.first<ImportRecord>(sql`
    insert into imports (file_name, stored_file, size_bytes, state, format, mapping, created_by)
    values (${record.fileName}, ${record.storedFile}, ${record.sizeBytes}, 'uploaded', ${record.format},
            ${record.mapping}, ${record.createdBy})
    returning ${columns}`);
  if (!row) throw new Error("An inserted import was not returned");
  return row;
}

export async function findImport(db: Queries, id: string): Promise<ImportRecord | undefined> {
  return db.first(sql`select ${columns} from imports where id = ${id}`);
}

export async function getImport(db: Queries, id: string): Promise<ImportRecord> {
  return (await findImport(db, id)) ?? refuse("imports.not-found");
}

/** The import, locked, if it is in one of the states in which something may be done with it. */
export async function lockImport(
  tx: Queries,
  id: string,
  states: readonly ImportState[],
): Promise<ImportRecord> {
  const record = await tx.first<ImportRecord>(
    sql`select ${columns} from imports where id = ${id} for update`,
  );
  if (!record) return refuse("imports.not-found");
  return states.includes(record.state) ? record : refuse("imports.wrong-state", { state: record.state });
}

export async function listImports(
  db: Queries,
  page: { before: string | undefined; limit: number },
): Promise<ImportRecord[]> {
  const from = page.before === undefined ? sql`true` : sql`id < ${page.before}`;
  return db.rows(sql`select ${columns} from imports where ${from} order by id desc limit ${page.limit + 1}`);
}

export async function updateSetup(
  tx: Queries,
  id: string,
  set: Pick<ImportRecord, "format" | "mapping" | "onDuplicate">,
): Promise<void> {
  await tx.run(sql`
    update imports set format = ${set.format}, mapping = ${set.mapping}, on_duplicate = ${set.onDuplicate},
      consent_topic_id = ${set.mapping.consent?.topicId ?? null}
    where id = ${id}`);
}

export async function markRunning(tx: Queries, id: string): Promise<void> {
  await tx.run(sql`update imports set state = 'running', started_at = clock_timestamp() where id = ${id}`);
}

/** Ends an import that is not over yet; does nothing to one that is. Says whether it ended now. */
export async function endImport(
  tx: Queries,
  id: string,
  state: "finished" | "cancelled" | "failed",
  problem: string | null = null,
): Promise<boolean> {
  return (
    (await tx.run(sql`
      update imports set state = ${state}, problem = ${problem}, finished_at = clock_timestamp()
      where id = ${id} and state in ('uploaded', 'running')`)) > 0
  );
}

/** Puts a converted copy in place of the file that was uploaded. */
export async function replaceFile(
  db: Queries,
  id: string,
  storedFile: string,
  sizeBytes: number,
): Promise<void> {
  await db.run(
    sql`update imports set stored_file = ${storedFile}, size_bytes = ${sizeBytes} where id = ${id}`,
  );
}

export type BatchCounts = {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
};

/**
 * Moves the progress of a running import from one byte to another, in the transaction that did the rows between. False if
 * it was cancelled, or if somebody else has done these rows: then the transaction must not commit.
 */
export async function moveProgress(
  tx: Queries,
  id: string,
  bytes: { readonly from: number; readonly to: number },
  counts: BatchCounts,
): Promise<boolean> {
  return (
    (await tx.run(sql`
      update imports set read_bytes = ${bytes.to}, read_rows = read_rows + ${counts.rows},
        created_rows = created_rows + ${counts.created}, updated_rows = updated_rows + ${counts.updated},
        skipped_rows = skipped_rows + ${counts.skipped}, failed_rows = failed_rows + ${counts.failed}
      where id = ${id} and state = 'running' and read_bytes = ${bytes.from}`)) === 1
  );
}

/** A row that was not taken over. `cells` are as in the file, for mending and importing again. */
export type FailedRow = {
  readonly row: number;
  readonly code: string;
  readonly message: string;
  readonly cells: readonly string[];
};

/** More are counted, but not kept. */
export const keptErrors = 100_000;

export async function insertErrors(
  tx: Queries,
  importId: string,
  failed: readonly FailedRow[],
): Promise<void> {
  if (failed.length === 0) return;
  await tx.run(sql`
    insert into import_errors (import_id, row, code, message, line)
    select ${importId}, given.* from unnest(${failed.map(({ row }) => row)}::bigint[],
      ${failed.map(({ code }) => code)}::text[], ${failed.map(({ message }) => message)}::text[],
      ${failed.map(({ cells }) => JSON.stringify(cells))}::text[]) as given`);
}

export async function listErrors(
  db: Queries,
  importId: string,
  page: { after: string; limit: number },
): Promise<(Omit<FailedRow, "row" | "cells"> & { row: string; line: string })[]> {
  return db.rows(sql`
    select row, code, message, line from import_errors
    where import_id = ${importId} and row > ${page.after} order by row limit ${page.limit}`);
}
