import { type DomainToAscii, readAddress } from "../address.ts";
import { type AttributeRule, type AttributeValue, readAttributeText } from "../attribute-value.ts";
import type { ContactField } from "../contact-field.ts";
import { readFieldText } from "../field-value.ts";
import type { ColumnTarget } from "./column.ts";

/** A row as it is taken over. Fields and attributes without a value are left out: they change nothing. */
export type ImportRow = {
  readonly email: string;
  readonly key: string;
  readonly fields: { [field in ContactField]?: string };
  readonly attributes: Map<string, AttributeValue>;
};

/** Why a row, or a cell of it, cannot be taken over. `column` is 0-based; null for the row as a whole. */
export type RowProblem = { readonly column: number | null; readonly code: string; readonly message: string };

export type ReadRow = (cells: readonly string[]) => ImportRow | RowProblem[];

type CellReader = (text: string, row: ImportRow) => string | undefined;

function readerOf(target: ColumnTarget, rules: ReadonlyMap<string, AttributeRule>): CellReader | undefined {
  if (target.kind === "field") {
    const { field } = target;
    return (text, row) => {
      const read = readFieldText(field, text);
      if (!read.ok) return read.error;
      if (read.value !== null) row.fields[field] = read.value;
      return undefined;
    };
  }
  if (target.kind !== "attribute" && target.kind !== "new-attribute") return undefined;
  const rule: AttributeRule =
    target.kind === "attribute"
      ? (rules.get(target.key) ?? { key: target.key, type: "text", choices: [] })
      : { key: target.key, type: target.type, choices: [] };
  return (text, row) => {
    const read = readAttributeText(rule, text);
    if (!read.ok) return read.error;
    row.attributes.set(rule.key, read.value);
    return undefined;
  };
}

/**
 * Makes the function that reads rows by a mapping. A row with a problem in any cell is not taken over at all, so that
 * nobody is half imported; it comes back with every problem it has.
 */
export function createRowReader(
  targets: readonly ColumnTarget[],
  rules: readonly AttributeRule[],
  domainToAscii: DomainToAscii,
): ReadRow {
  const byKey = new Map(rules.map((rule) => [rule.key, rule]));
  const emailColumn = targets.findIndex(({ kind }) => kind === "email");
  const readers = targets.flatMap((target, column) => {
    const read = readerOf(target, byKey);
    return read ? [{ column, read }] : [];
  });

  return (cells) => {
    const address = readAddress(cells[emailColumn] ?? "", domainToAscii);
    const problems: RowProblem[] = [];
    if (!address.ok) problems.push({ column: emailColumn, code: "address-invalid", message: address.error });
    if (cells.length > targets.length && cells.slice(targets.length).some((cell) => cell.trim() !== ""))
      problems.push({
        column: null,
        code: "too-many-cells",
        message: `The row has ${cells.length} cells; the file has ${targets.length} columns.`,
      });
    const { email, key } = address.ok ? address.value : { email: "", key: "" };
    const row: ImportRow = { email, key, fields: {}, attributes: new Map() };
    for (const { column, read } of readers) {
      const text = cells[column];
      if (text === undefined || text.trim() === "") continue;
      const problem = read(text, row);
      if (problem !== undefined) problems.push({ column, code: "value-invalid", message: problem });
    }
    return problems.length === 0 ? row : problems;
  };
}

/** Puts a later row for the same address over an earlier one: what the later one has, counts. */
export function mergeRows(earlier: ImportRow, later: ImportRow): ImportRow {
  return {
    email: earlier.email,
    key: earlier.key,
    fields: { ...earlier.fields, ...later.fields },
    attributes: new Map([...earlier.attributes, ...later.attributes]),
  };
}
