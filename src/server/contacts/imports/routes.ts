import { Readable } from "node:stream";
import { z } from "zod";
import { refuse } from "#contract/errors.ts";
import { type Import as ImportShape, importRoutes } from "#contract/imports.ts";
import { csvLine } from "#core/contacts/csv-cell.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import { readCursor, rowCursor, toPage } from "../../platform/http/cursor.ts";
import type { Http } from "../../platform/http/implement.ts";
import type { Database } from "../../platform/index.ts";
import {
  cancelImport,
  configureImport,
  type ImportDeps,
  previewImport,
  startImport,
  uploadImport,
} from "./set-up-import.ts";
import { getImport, type ImportRecord, listErrors, listImports } from "./store.ts";

const rowOf = (id: string) => fromId("import", id) ?? "0";

function present(record: ImportRecord): z.input<typeof ImportShape> {
  const { mapping, readBytes, readRows, seconds, sizeBytes } = record;
  const isMoving = record.state === "running" && seconds !== null && seconds > 0 && readBytes > 0;
  return {
    id: toId("import", record.id),
    fileName: record.fileName,
    sizeBytes,
    state: record.state,
    format: record.format,
    columns: [...mapping.columns],
    onDuplicate: record.onDuplicate,
    consent: mapping.consent && { ...mapping.consent, topicId: toId("topic", mapping.consent.topicId) },
    progress: {
      readBytes,
      readRows,
      createdRows: record.createdRows,
      updatedRows: record.updatedRows,
      skippedRows: record.skippedRows,
      failedRows: record.failedRows,
      rowsPerSecond: seconds !== null && seconds > 0 ? Math.round(readRows / seconds) : null,
      secondsLeft: isMoving ? Math.round(((sizeBytes - readBytes) / readBytes) * seconds) : null,
    },
    problem: record.problem,
    createdAt: record.createdAt.toISOString(),
    startedAt: record.startedAt?.toISOString() ?? null,
    finishedAt: record.finishedAt?.toISOString() ?? null,
  };
}

/** The rows that were not taken over, as a file to mend and import again: what was in them, and why. */
function errorFile(db: Database, record: ImportRecord): Readable {
  async function* lines(): AsyncGenerator<string> {
    const headers = record.mapping.columns.map(({ header }) => header);
    yield csvLine([...headers, "import_row", "import_error"]);
    let after = "-1";
    for (;;) {
      const errors = await listErrors(db, record.id, { after, limit: 5000 });
      yield errors
        .map(({ row, message, line }) => {
          const cells = z.array(z.string()).parse(JSON.parse(line));
          const padded = Array.from(
            { length: Math.max(headers.length, cells.length) },
            (_, at) => cells[at] ?? "",
          );
          return csvLine([...padded, Number(row), message]);
        })
        .join("");
      const last = errors.at(-1);
      if (!last || errors.length < 5000) return;
      after = last.row;
    }
  }
  return Readable.from(lines(), { objectMode: false });
}

/** Binds imports. */
export function bindImportRoutes(http: Http, deps: ImportDeps): void {
  const { db } = deps;

  http.implement(importRoutes.upload, async ({ actor, query, request }) => {
    const { body } = request;
    if (!(body instanceof Readable))
      return refuse("imports.file-unreadable", {
        problem: "Send the file itself as application/octet-stream.",
      });
    return present(await uploadImport(deps, actor, query.fileName, body));
  });

  http.implement(importRoutes.list, async ({ query }) => {
    const before = readCursor(query.cursor, rowCursor)?.[0];
    const records = await listImports(db, { before, limit: query.limit });
    return toPage(records, query.limit, ({ id }) => [id], present);
  });

  http.implement(importRoutes.get, async ({ params }) => present(await getImport(db, rowOf(params.id))));

  http.implement(importRoutes.configure, async ({ params, body }) => {
    const { consent, ...rest } = body;
    const change =
      consent === undefined
        ? rest
        : { ...rest, consent: consent && { ...consent, topicId: fromId("topic", consent.topicId) ?? "0" } };
    return present(await configureImport(deps, rowOf(params.id), change));
  });

  http.implement(importRoutes.preview, async ({ params }) => ({
    rows: await previewImport(deps, rowOf(params.id)),
  }));

  http.implement(importRoutes.start, async ({ actor, params }) =>
    present(await startImport(deps, actor, rowOf(params.id))),
  );

  http.implement(importRoutes.cancel, async ({ actor, params }) =>
    present(await cancelImport(deps, actor, rowOf(params.id))),
  );

  http.implement(importRoutes.errors, async ({ params, reply }) => {
    const record = await getImport(db, rowOf(params.id));
    reply.header("content-disposition", `attachment; filename="${params.id}-errors.csv"`);
    return errorFile(db, record);
  });
}
