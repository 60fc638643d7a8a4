/** A piece of SQL with its values apart. The text never contains a value. */
export type Sql = { readonly text: string; readonly values: readonly unknown[] };

class Fragment implements Sql {
  readonly strings: readonly string[];
  readonly parts: readonly unknown[];
  constructor(strings: readonly string[], parts: readonly unknown[]) {
    this.strings = strings;
    this.parts = parts;
  }
  get text(): string {
    return this.build().text;
  }
  get values(): readonly unknown[] {
    return this.build().values;
  }
  private build(values: unknown[] = []): { text: string; values: unknown[] } {
    let text = this.strings[0] ?? "";
    this.parts.forEach((part, index) => {
      if (part instanceof Fragment) text += part.build(values).text;
      else text += `$${values.push(part)}`;
      text += this.strings[index + 1] ?? "";
    });
    return { text, values };
  }
}

/** Writes SQL with values in place: sql`select * from contacts where id = ${id}`. Fragments nest. */
export function sql(strings: TemplateStringsArray, ...parts: readonly unknown[]): Sql {
  return new Fragment(strings, parts);
}

/** Joins fragments, for instance conditions by " and ". An empty list gives `empty`. */
export function joinSql(fragments: readonly Sql[], separator: " and " | " or " | ", ", empty: Sql): Sql {
  if (fragments.length === 0) return empty;
  const strings = ["", ...Array.from({ length: fragments.length - 1 }, () => separator), ""];
  return new Fragment(strings, fragments);
}

/**
 * Takes up a fragment made elsewhere as text with $1, $2 … and a list of values (a compiled segment),
 * renumbering its parameters to fit where it is put.
 */
export function foreignSql(text: string, values: readonly unknown[]): Sql {
  const strings: string[] = [];
  const parts: unknown[] = [];
  let last = 0;
  for (const match of text.matchAll(/\$(\d+)/g)) {
    strings.push(text.slice(last, match.index));
    parts.push(values[Number(match[1]) - 1]);
    last = match.index + match[0].length;
  }
  strings.push(text.slice(last));
  return new Fragment(strings, parts);
}
