/** A piece of SQL whose every value travels apart from the text, as `$1`, `$2` … */
export type SqlFragment = { readonly text: string; readonly values: readonly SqlValue[] };
export type SqlValue = string | number | boolean | readonly string[];

/** Takes a value out of the text: notes it and gives back its numbered place with its type. */
export type Bind = (value: SqlValue, type: SqlType) => string;
export type SqlType = "text" | "text[]" | "bigint" | "integer" | "jsonb" | "timestamptz";

/** Builds a fragment; the callback writes the text and binds each value as it goes. */
export function sqlFragment(firstParameter: number, write: (bind: Bind) => string): SqlFragment {
  const values: SqlValue[] = [];
  const text = write((value, type) => {
    values.push(value);
    return `$${firstParameter + values.length - 1}::${type}`;
  });
  return { text, values };
}
