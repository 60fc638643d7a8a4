import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { domainToASCII } from "node:url";
import { refuse } from "#contract/errors.ts";
import type { Actor } from "#core/access/actor.ts";
import { type ColumnTarget, mappingProblems } from "#core/contacts/import/column.ts";
import type { FileFormat } from "#core/contacts/import/guess-format.ts";
import { createRowReader, type RowProblem } from "#core/contacts/import/read-row.ts";
import { toId } from "#core/kernel/ids.ts";
import { audit } from "../../access/index.ts";
import type { Platform, Queries } from "../../platform/index.ts";
import { insertAttribute, isReservedKey, listAttributes } from "../attributes.ts";
import { firstRows, guessFormat, guessMapping } from "./look-into-file.ts";
import { importJob } from "./run-import.ts";
import {
  endImport,
  type GivenConsent,
  getImport,
  type ImportRecord,
  insertImport,
  lockImport,
  markRunning,
  updateSetup,
} from "./store.ts";
import { pathOf, readHead, removeFiles, storeFile } from "./stored-file.ts";

export type ImportDeps = Pick<Platform, "db" | "config" | "jobs"> & {
  /** Refuses a topic that consent cannot be given for; consent is a later domain. */
  readonly checkTopic: (db: Queries, topicId: string) => Promise<void>;
};

/** Stores an uploaded file, guesses what it is, and makes the import that a person then corrects and starts. */
export async function uploadImport(
  { db, config }: ImportDeps,
  actor: Actor,
  fileName: string,
  source: Readable,
): Promise<ImportRecord> {
  const storedFile = `${randomUUID()}.csv`;
  const { sizeBytes, isUtf8 } = await storeFile(config.dataDirectory, storedFile, source);
  try {
    const path = pathOf(config.dataDirectory, storedFile);
    const format = await guessFormat(path, isUtf8);
    const mapping = { columns: await guessMapping(db, path, format), consent: null };
    const createdBy = actor.kind === "user" ? actor.id : null;
    return await db.transaction(async (tx) => {
      const record = await insertImport(tx, { fileName, storedFile, sizeBytes, format, mapping, createdBy });
      await audit(tx, actor, {
        action: "import.uploaded",
        subjectKind: "import",
        subjectId: toId("import", record.id),
        details: { fileName, sizeBytes },
      });
      return record;
    });
  } catch (error) {
    await removeFiles(config.dataDirectory, storedFile);
    throw error;
  }
}

export type ImportChange = {
  readonly format?: FileFormat | undefined;
  readonly columns?: readonly ColumnTarget[] | undefined;
  readonly onDuplicate?: "update" | "skip" | undefined;
  readonly consent?: GivenConsent | null | undefined;
};

async function problemsOf(
  db: Queries,
  targets: readonly ColumnTarget[],
  columnCount: number,
): Promise<string[]> {
  const keys = new Set((await listAttributes(db)).map(({ key }) => key));
  return mappingProblems(targets, columnCount, keys, isReservedKey);
}

/** Corrects what was guessed. A mapping that cannot work is refused at once, unless the format changed without one. */
export async function configureImport(
  deps: ImportDeps,
  id: string,
  change: ImportChange,
): Promise<ImportRecord> {
  const { db, config, checkTopic } = deps;
  return db.transaction(async (tx) => {
    const before = await lockImport(tx, id, ["uploaded"]);
    const format = change.format ?? before.format;
    const path = pathOf(config.dataDirectory, before.storedFile);
    const guessed = change.format ? await guessMapping(tx, path, format) : before.mapping.columns;
    const targets = change.columns ?? guessed.map(({ target }) => target);
    if (change.columns) {
      const problems = await problemsOf(tx, targets, guessed.length);
      if (problems.length > 0) refuse("imports.mapping-invalid", { problems });
    }
    if (change.consent) await checkTopic(tx, change.consent.topicId);
    const columns = guessed.map(({ header, target }, index) => ({
      header,
      target: targets[index] ?? target,
    }));
    const consent = change.consent === undefined ? before.mapping.consent : change.consent;
    const onDuplicate = change.onDuplicate ?? before.onDuplicate;
    await updateSetup(tx, id, { format, mapping: { columns, consent }, onDuplicate });
    return getImport(tx, id);
  });
}

export type PreviewRow = {
  readonly number: number;
  readonly cells: string[];
  readonly problems: RowProblem[];
};

/** The first rows as they would be taken over, judged by the very code that will do it. */
export async function previewImport({ db, config }: ImportDeps, id: string): Promise<PreviewRow[]> {
  const record = await getImport(db, id);
  if (record.state !== "uploaded") refuse("imports.wrong-state", { state: record.state });
  const { format, mapping } = record;
  const head = await readHead(pathOf(config.dataDirectory, record.storedFile), format.encoding);
  const targets = mapping.columns.map(({ target }) => target);
  const read = createRowReader(targets, await listAttributes(db), domainToASCII);
  return firstRows(head, format)
    .rows.slice(0, 20)
    .map((cells, index) => {
      const result = read(cells);
      const number = index + (format.hasHeader ? 2 : 1);
      return { number, cells, problems: Array.isArray(result) ? result : [] };
    });
}

/** Makes the attributes that the mapping asks for, and queues the work, all in one transaction. */
export async function startImport(deps: ImportDeps, actor: Actor, id: string): Promise<ImportRecord> {
  const { db, jobs, checkTopic } = deps;
  return db.transaction(async (tx) => {
    const record = await lockImport(tx, id, ["uploaded"]);
    const { columns, consent } = record.mapping;
    const targets = columns.map(({ target }) => target);
    const problems = await problemsOf(tx, targets, columns.length);
    if (problems.length > 0) refuse("imports.mapping-invalid", { problems });
    if (consent) await checkTopic(tx, consent.topicId);
    for (const target of targets)
      if (target.kind === "new-attribute") await insertAttribute(tx, { ...target, choices: [] });
    const settled = columns.map(({ header, target }) => ({
      header,
      target: target.kind === "new-attribute" ? ({ kind: "attribute", key: target.key } as const) : target,
    }));
    await updateSetup(tx, id, { ...record, mapping: { columns: settled, consent } });
    await markRunning(tx, id);
    await jobs.enqueue(tx, importJob, { importId: id });
    await audit(tx, actor, {
      action: "import.started",
      subjectKind: "import",
      subjectId: toId("import", id),
      details: { fileName: record.fileName, consent: consent !== null },
    });
    return getImport(tx, id);
  });
}

/** Stops an import for good. A running one ends before its next batch; what it took over until then stays. */
export async function cancelImport(deps: ImportDeps, actor: Actor, id: string): Promise<ImportRecord> {
  const { db, config } = deps;
  const [before, after] = await db.transaction(async (tx) => {
    const record = await lockImport(tx, id, ["uploaded", "running"]);
    await endImport(tx, id, "cancelled");
    await audit(tx, actor, {
      action: "import.cancelled",
      subjectKind: "import",
      subjectId: toId("import", id),
    });
    return [record, await getImport(tx, id)] as const;
  });
  if (before.state === "uploaded") await removeFiles(config.dataDirectory, before.storedFile);
  return after;
}
