import type { ImportRow } from "#core/contacts/import/read-row.ts";

const special = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** A value in the text format of COPY; \N is null. */
function copyValue(value: string | undefined): string {
  if (value === undefined) return "\\N";
  return special.test(value) ? value.replace(/[\\\t\n\r]/g, (sign) => escapes[sign] ?? sign) : value;
}

/** A row for COPY into the staging table, in the order of its columns. */
export function copyLine({ email, key, fields, attributes }: ImportRow): string {
  const json = attributes.size === 0 ? "{}" : JSON.stringify(Object.fromEntries(attributes));
  return `${email}\t${key}\t${copyValue(fields.firstName)}\t${copyValue(fields.lastName)}\t${copyValue(fields.language)}\t${copyValue(fields.timeZone)}\t${copyValue(fields.country)}\t${copyValue(fields.city)}\t${copyValue(json)}\n`;
}
