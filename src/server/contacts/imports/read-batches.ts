import { open } from "node:fs/promises";
import { setImmediate as breathe } from "node:timers/promises";
import { type ImportRow, mergeRows, type ReadRow } from "#core/contacts/import/read-row.ts";
import { splitCsv } from "#core/contacts/import/split-csv.ts";
import { copyLine } from "./copy-line.ts";
import type { FailedRow } from "./store.ts";

/** A piece of the file, read, judged and written for COPY. Offsets are bytes of the file. */
export type ImportBatch = {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Lines for COPY, one per address. */
  readonly lines: string;
  readonly addresses: number;
  readonly keys: readonly string[];
  /** Rows that came again for an address in this batch, and were merged into the first. */
  readonly repeated: number;
  readonly failed: readonly FailedRow[];
};

/** About 20,000 rows of ordinary contacts: large enough for COPY, small enough for flat memory and quick progress. */
const batchBytes = 2 * 1024 * 1024;
/** A row longer than this is no row, but a quote that nobody closed. */
const maxRowBytes = 1024 * 1024;
/** The event loop is let go this often, so that pages and clicks are answered meanwhile: about 5 ms apart. */
const rowsAtOnce = 1000;

type Options = {
  readonly path: string;
  readonly from: number;
  /** How many rows of data were read before `from`. */
  readonly rowsBefore: number;
  readonly delimiter: string;
  readonly hasHeader: boolean;
  readonly read: ReadRow;
  readonly onDuplicate: "update" | "skip";
};

/** Reads a UTF-8 file from a row boundary to its end, batch by batch. Memory does not grow with the file. */
export async function* readBatches(options: Options): AsyncGenerator<ImportBatch> {
  const file = await open(options.path);
  try {
    let at = options.from;
    let rowNumber = options.rowsBefore + (options.hasHeader ? 1 : 0);
    let size = batchBytes;
    for (;;) {
      const buffer = Buffer.allocUnsafe(size);
      const { bytesRead } = await file.read(buffer, 0, size, at);
      if (bytesRead === 0) return;
      const isEnd = bytesRead < size;
      const piece = splitPiece(buffer.subarray(0, bytesRead), options.delimiter, isEnd);
      if (piece.bytes === 0 && !isEnd && size <= batchBytes + maxRowBytes) {
        size += maxRowBytes;
        continue;
      }
      const { rows, bytes } =
        piece.bytes > 0 ? piece : firstLine(buffer.subarray(0, bytesRead), options.delimiter);
      const data = at === 0 ? withoutHead(rows, options.hasHeader) : rows;
      yield await judge(data, rowNumber, { from: at, to: at + bytes }, options);
      rowNumber += data.length;
      at += bytes;
      size = batchBytes;
    }
  } finally {
    await file.close();
  }
}

/** The whole rows of a piece, and how many bytes they take. A piece ends at a line end, so it holds whole signs. */
function splitPiece(piece: Buffer, delimiter: string, isEnd: boolean): { rows: string[][]; bytes: number } {
  const end = isEnd ? piece.length : piece.lastIndexOf(10) + 1;
  const text = piece.toString("utf8", 0, end);
  const { rows, rest } = splitCsv(text, delimiter, isEnd);
  return { rows, bytes: rest === text.length ? end : end - Buffer.byteLength(text.slice(rest)) };
}

/** One line taken as it is, where a quote swallows everything behind it: this row fails, the next ones need not. */
function firstLine(piece: Buffer, delimiter: string): { rows: string[][]; bytes: number } {
  const lineEnd = piece.indexOf(10);
  const bytes = lineEnd < 0 ? piece.length : lineEnd + 1;
  const line = piece.toString("utf8", 0, Math.min(bytes, 10_000)).replace(/\r?\n$/, "");
  return { rows: [line.split(delimiter)], bytes };
}

/** Drops the byte order mark and the header from the first rows of a file. */
function withoutHead(rows: string[][], hasHeader: boolean): string[][] {
  const first = rows[0];
  if (first?.[0]?.startsWith("\ufeff")) first[0] = first[0].slice(1);
  return hasHeader ? rows.slice(1) : rows;
}

async function judge(
  rows: readonly (readonly string[])[],
  rowsBefore: number,
  bytes: { from: number; to: number },
  { read, onDuplicate }: Options,
): Promise<ImportBatch> {
  const byKey = new Map<string, ImportRow>();
  const failed: FailedRow[] = [];
  let repeated = 0;
  for (const [index, cells] of rows.entries()) {
    if (index % rowsAtOnce === rowsAtOnce - 1) await breathe();
    const result = read(cells);
    if (Array.isArray(result)) {
      const message = result.map((problem) => problem.message).join(" ");
      failed.push({ row: rowsBefore + index + 1, code: result[0]?.code ?? "", message, cells });
      continue;
    }
    const known = byKey.get(result.key);
    if (known) repeated += 1;
    if (!known || onDuplicate === "update") byKey.set(result.key, known ? mergeRows(known, result) : result);
  }
  const lines: string[] = [];
  for (const row of byKey.values()) {
    lines.push(copyLine(row));
    if (lines.length % rowsAtOnce === 0) await breathe();
  }
  return {
    ...bytes,
    rows: rows.length,
    lines: lines.join(""),
    addresses: byKey.size,
    keys: [...byKey.keys()],
    repeated,
    failed,
  };
}
