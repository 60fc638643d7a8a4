import { z } from "zod";
import { refuse } from "#contract/errors.ts";

/** The value a cursor stands for: what the last row of a page was ordered by. */
type CursorValues = readonly (string | number | boolean | null)[];

/** Packs what the next page starts after. Opaque to callers, not secret: everything in it is parsed again. */
export function writeCursor(values: CursorValues): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** Unpacks a cursor by its schema, usually a tuple. Undefined on the first page; refuses what is none of ours. */
export function readCursor<Schema extends z.ZodType>(
  cursor: string | undefined,
  schema: Schema,
): z.output<Schema> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    return refuse("request.invalid", { cursor: "It is not a cursor of this list." });
  }
}

/** The cursor of lists ordered by a row number only. */
export const rowCursor = z.tuple([z.string().regex(/^[0-9]{1,19}$/)]);

/**
 * Makes a page of rows that were asked for with `limit + 1`: the extra row only says that there is more.
 * `after` gives what the next page starts after, from the last row shown.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  after: (row: Row) => CursorValues,
  present: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(present),
    nextCursor: rows.length > limit && last !== undefined ? writeCursor(after(last)) : null,
  };
}
