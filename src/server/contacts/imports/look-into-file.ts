import { refuse } from "#contract/errors.ts";
import type { Column } from "#core/contacts/import/column.ts";
import { guessColumns } from "#core/contacts/import/guess-columns.ts";
import {
  type FileFormat,
  guessDelimiter,
  guessEncoding,
  guessHeader,
} from "#core/contacts/import/guess-format.ts";
import { splitCsv } from "#core/contacts/import/split-csv.ts";
import type { Queries } from "../../platform/index.ts";
import { isReservedKey, listAttributes } from "../attributes.ts";
import { readBytes, readHead } from "./stored-file.ts";

const sampleRows = 200;

/** The first rows of a file by its format, header apart. A row that the head cuts off is left out. */
export function firstRows(
  head: { readonly text: string; readonly isWhole: boolean },
  format: FileFormat,
): { header: string[] | undefined; rows: string[][] } {
  const rows = splitCsv(head.text, format.delimiter, head.isWhole).rows.slice(0, sampleRows);
  return format.hasHeader ? { header: rows[0], rows: rows.slice(1) } : { header: undefined, rows };
}

/** Guesses how a file is laid out. */
export async function guessFormat(path: string, isUtf8: boolean): Promise<FileFormat> {
  const encoding = guessEncoding(await readBytes(path, 64 * 1024), isUtf8);
  const head = await readHead(path, encoding);
  const delimiter = guessDelimiter(head.text);
  const hasHeader = guessHeader(firstRows(head, { encoding, delimiter, hasHeader: false }).rows);
  return { encoding, delimiter, hasHeader };
}

/** Guesses what becomes of the columns of a file. Refuses a file in which there are none. */
export async function guessMapping(db: Queries, path: string, format: FileFormat): Promise<Column[]> {
  const head = await readHead(path, format.encoding);
  if (head.text.includes("\0"))
    return refuse("imports.file-unreadable", { problem: "The file is not text: it has zero bytes in it." });
  const { header, rows } = firstRows(head, format);
  const width = header?.length ?? Math.max(0, ...rows.map((row) => row.length));
  if (width === 0) return refuse("imports.file-unreadable", { problem: "The file is empty." });
  if (width > 500)
    return refuse("imports.file-unreadable", { problem: "The file has more than 500 columns." });
  const headers = Array.from({ length: width }, (_, index) => {
    const given = header?.[index]?.trim() ?? "";
    return given === "" ? `Column ${index + 1}` : given.slice(0, 200);
  });
  return guessColumns(headers, rows, await listAttributes(db), format.hasHeader, isReservedKey);
}
