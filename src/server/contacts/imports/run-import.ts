import { existsSync } from "node:fs";
import { domainToASCII } from "node:url";
import { createRowReader } from "#core/contacts/import/read-row.ts";
import type { JobRun, Platform } from "../../platform/index.ts";
import { listAttributes } from "../attributes.ts";
import { readBatches } from "./read-batches.ts";
import { endImport, findImport, type ImportRecord, replaceFile } from "./store.ts";
import { convertToUtf8, pathOf, removeFiles } from "./stored-file.ts";
import { BatchIsNotOurs, type GrantConsent, takeOverBatch } from "./take-over-batch.ts";

export const importJob = "contacts.import";

type Deps = Pick<Platform, "db" | "config" | "log"> & { readonly grantConsent: GrantConsent };

/**
 * Runs an import from where it stands to its end: after a crash or restart it goes on behind the last batch that was
 * committed. The next batch is read while the database takes over the one before. The file is removed at the end,
 * because it is full of personal data.
 */
export async function runImport(deps: Deps, id: string, run: Pick<JobRun, "signal">): Promise<void> {
  const { db, config, log } = deps;
  const record = await findImport(db, id);
  if (!record) return;
  if (record.state === "running") {
    const path = pathOf(config.dataDirectory, record.storedFile);
    if (!existsSync(path)) {
      await endImport(db, id, "failed", "The file is gone from the data directory.");
      return;
    }
    try {
      await takeOver(deps, await inUtf8(deps, record), run);
      await endImport(db, id, "finished");
    } catch (error) {
      if (!(error instanceof BatchIsNotOurs)) throw error;
      log.info({ import: id }, "an import was cancelled, or is run elsewhere");
      if ((await findImport(db, id))?.state === "running") return;
    }
  }
  await removeFiles(config.dataDirectory, record.storedFile);
}

/** The import with its file in UTF-8, converting it the first time. */
async function inUtf8({ db, config }: Deps, record: ImportRecord): Promise<ImportRecord> {
  if (record.format.encoding === "utf-8" || record.storedFile.endsWith(".utf8")) return record;
  const storedFile = record.storedFile.replace(/\.csv$/, ".utf8");
  const sizeBytes = await convertToUtf8(
    pathOf(config.dataDirectory, record.storedFile),
    pathOf(config.dataDirectory, storedFile),
    record.format.encoding,
  );
  await replaceFile(db, record.id, storedFile, sizeBytes);
  return { ...record, storedFile, sizeBytes };
}

async function takeOver(deps: Deps, record: ImportRecord, { signal }: Pick<JobRun, "signal">): Promise<void> {
  const { db, config, grantConsent } = deps;
  const targets = record.mapping.columns.map(({ target }) => target);
  const batches = readBatches({
    path: pathOf(config.dataDirectory, record.storedFile),
    from: record.readBytes,
    rowsBefore: record.readRows,
    delimiter: record.format.delimiter,
    hasHeader: record.format.hasHeader,
    read: createRowReader(targets, await listAttributes(db), domainToASCII),
    onDuplicate: record.onDuplicate,
  });
  let { failedRows } = record;
  let next = batches.next();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { value: batch, done } = await next;
      if (done) return;
      next = batches.next();
      next.catch(() => undefined); // Awaited in the next round; a failure must not count as unhandled until then.
      const soFar = { ...record, failedRows };
      await db.transaction((tx) => takeOverBatch(tx, soFar, batch, grantConsent));
      failedRows += batch.failed.length;
    }
  } finally {
    await next.catch(() => undefined);
    await batches.return(undefined);
  }
}
