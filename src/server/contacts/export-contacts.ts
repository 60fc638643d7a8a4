import { Readable } from "node:stream";
import { contactFieldNames } from "#core/contacts/contact-field.ts";
import { csvLine } from "#core/contacts/csv-cell.ts";
import { toId } from "#core/kernel/ids.ts";
import { contactColumns } from "#core/messages/contact-schema.ts";
import { type Database, sql } from "../platform/index.ts";
import { listAttributes } from "./attributes.ts";
import { type ContactFilter, filterSql } from "./list-contacts.ts";
import { type Person, personColumns } from "./store.ts";

type Row = Person & {
  readonly id: string;
  readonly email: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
};

const batchSize = 5000;

function cellOf(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join("|");
  return JSON.stringify(value);
}

/**
 * All matching contacts as CSV, in the order they were added, with a header that an import understands. Rows are fetched
 * in batches as the reader takes them, so memory stays flat whatever the size.
 */
export function exportContacts(db: Database, filter: ContactFilter): Readable {
  async function* lines(): AsyncGenerator<string> {
    const attributes = await listAttributes(db);
    yield csvLine(["id", ...Object.keys(contactColumns), ...attributes.map(({ key }) => key), "created_at"]);
    let after = "0";
    for (;;) {
      const rows = await db.rows<Row>(sql`
        select id, email, ${personColumns}, attributes, created_at as "createdAt" from contacts
        where ${filterSql(filter)} and id > ${after} order by id limit ${batchSize}`);
      yield rows
        .map((row) =>
          csvLine([
            toId("contact", row.id),
            row.email,
            ...contactFieldNames.map((field) => row[field]),
            ...attributes.map(({ key }) =>
              cellOf(Object.hasOwn(row.attributes, key) ? row.attributes[key] : null),
            ),
            row.createdAt.toISOString(),
          ]),
        )
        .join("");
      const last = rows.at(-1);
      if (last === undefined || rows.length < batchSize) return;
      after = last.id;
    }
  }
  return Readable.from(lines(), { objectMode: false });
}
