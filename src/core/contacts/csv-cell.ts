/** What a spreadsheet would run as a formula, also behind spaces or quotes (OWASP, CSV injection). */
const formula = /^[\s"']*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * Writes a value as a cell of a CSV file (RFC 4180). Texts that a spreadsheet would take for a formula get an apostrophe in
 * front, which it shows as text; numbers are safe as they are and stay numbers.
 */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Writes a line of a CSV file, with its end. */
export function csvLine(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map(csvCell).join(",")}\r\n`;
}
