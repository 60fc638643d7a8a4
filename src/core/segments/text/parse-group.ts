import { deepestNesting, type Group } from "../condition.ts";
import type { Catalog } from "../references.ts";
import { type Span, SyntaxProblem, type TextProblem } from "./lex.ts";
import type { TokenReader } from "./token-reader.ts";

/** What every part of the grammar is given. */
export type Parsing = {
  readonly reader: TokenReader;
  readonly catalog: Catalog;
  readonly spans: Map<object, Span>;
  /** Notes a problem that does not stop the reading, such as a name that nothing has. */
  readonly report: (problem: TextProblem) => void;
  /** How deep the groups around this place are nested. */
  readonly depth: number;
};

type ParseLeaf<Leaf> = (parsing: Parsing) => Leaf | { readonly kind: "not"; readonly of: Leaf };

/** or-groups of and-groups of parts; `and` binds tighter. */
export function parseGroup<Leaf extends object>(parsing: Parsing, leaf: ParseLeaf<Leaf>): Group<Leaf> {
  if (parsing.depth > deepestNesting)
    throw new SyntaxProblem("This is nested too deep.", parsing.reader.peek().span);
  const deeper = { ...parsing, depth: parsing.depth + 1 };
  const conjunction = () => parseInfix(deeper, "and", () => parsePart(deeper, leaf));
  return parseInfix(deeper, "or", conjunction);
}

function parseInfix<Leaf extends object>(
  { reader, spans }: Parsing,
  word: "and" | "or",
  part: () => Group<Leaf>,
): Group<Leaf> {
  const first = reader.peek();
  const parts = [part()];
  while (reader.take(word)) parts.push(part());
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return located<Group<Leaf>>(
    { kind: word === "and" ? "all" : "any", of: parts },
    spans,
    reader.spanFrom(first),
  );
}

function parsePart<Leaf extends object>(parsing: Parsing, leaf: ParseLeaf<Leaf>): Group<Leaf> {
  const { reader, spans } = parsing;
  const first = reader.peek();
  const at = (group: Group<Leaf>) => located(group, spans, reader.spanFrom(first));
  if (reader.take("not")) {
    if (parsing.depth > deepestNesting) throw new SyntaxProblem("This is nested too deep.", first.span);
    return at({ kind: "not", of: parsePart({ ...parsing, depth: parsing.depth + 1 }, leaf) });
  }
  if (reader.take("(")) {
    const inner = parseGroup(parsing, leaf);
    reader.expect(")");
    return inner;
  }
  if (reader.take("everyone")) return at({ kind: "all", of: [] });
  if (reader.take("nobody")) return at({ kind: "any", of: [] });
  if ((reader.is("all") || reader.is("any")) && reader.peek(1).text === "(") {
    const kind = reader.next().text.toLowerCase() === "all" ? "all" : "any";
    return at({ kind, of: parseList(parsing, () => parseGroup(parsing, leaf)) });
  }
  return at(leaf(parsing));
}

/** Reads `( item, item )`, perhaps empty. */
export function parseList<Item>({ reader }: Parsing, item: () => Item): Item[] {
  reader.expect("(");
  const items: Item[] = [];
  if (reader.take(")")) return items;
  do items.push(item());
  while (reader.take(","));
  reader.expect(")");
  return items;
}

/** Remembers where a group or rule stands; one that has a place keeps it. */
export function located<Node extends object>(node: Node, spans: Map<object, Span>, span: Span): Node {
  if (!spans.has(node)) spans.set(node, span);
  return node;
}
