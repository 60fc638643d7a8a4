import { calendarDaySchema } from "../condition.ts";

/** Where something stands in a text: 0-based offset, 1-based line and column (in UTF-16 units), length. */
export type Span = {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly length: number;
};

/** A place in a text where something is wrong, what is wrong, and what to write instead if that is known. */
export type TextProblem = Span & {
  readonly code: string;
  readonly message: string;
  readonly suggestion: string | null;
};

/** `word`s are names and keywords; `name`s are in backquotes; strings, numbers and dates carry their value. */
export type Token = {
  readonly kind: "word" | "name" | "string" | "number" | "date" | "symbol" | "end";
  readonly text: string;
  readonly value: string;
  readonly span: Span;
};

/** Raised inside lexer and parser only; `parseCondition` turns it into a problem. */
export class SyntaxProblem extends Error {
  readonly problem: TextProblem;
  constructor(message: string, span: Span, suggestion: string | null = null) {
    super(message);
    this.problem = { ...span, code: "segment-text.syntax", message, suggestion };
  }
}

const patterns = [
  ["space", /\s+/y],
  ["string", /"(?:[^"\\\n]|\\.)*"/y],
  ["name", /`[A-Za-z_][A-Za-z0-9_]*`/y],
  ["date", /\d{4}-\d{2}-\d{2}(?![\w-])/y],
  ["number", /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w])/y],
  ["word", /[A-Za-z_][A-Za-z0-9_]*/y],
  ["symbol", /!=|<>|<=|>=|[=<>(),]/y],
] as const;

/** Cuts a text into tokens, the last of which is `end`. Throws SyntaxProblem at what is no token. */
export function lex(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const place = placer(text);
  let offset = 0;
  while (offset < text.length) {
    const found = match(text, offset);
    if (!found) throw new SyntaxProblem(...complain(text, offset, place));
    const { kind, piece } = found;
    const span = place(offset, piece.length);
    if (kind !== "space") tokens.push({ kind, text: piece, value: readValue(kind, piece, span), span });
    offset += piece.length;
  }
  tokens.push({ kind: "end", text: "", value: "", span: place(text.length, 0) });
  return tokens;
}

function match(text: string, offset: number) {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = offset;
    const piece = pattern.exec(text)?.[0];
    if (piece) return { kind, piece };
  }
  return undefined;
}

function readValue(kind: string, piece: string, span: Span): string {
  if (kind === "name") return piece.slice(1, -1);
  if (kind === "date" && !calendarDaySchema.safeParse(piece).success)
    throw new SyntaxProblem(`There is no day ${piece}.`, span, "Write a day as 2026-02-28");
  return kind === "string" ? unquote(piece, span) : piece;
}

function unquote(piece: string, span: Span): string {
  try {
    return String(JSON.parse(piece.replaceAll("\t", "\\t")));
  } catch {
    throw new SyntaxProblem(
      'A backslash in quotes must be followed by one of " \\ n t or u and four digits.',
      span,
      "Write \\\\ for a backslash",
    );
  }
}

function complain(
  text: string,
  offset: number,
  place: (offset: number, length: number) => Span,
): [string, Span, string] {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  const span = place(offset, character.length);
  if (character === '"') return ["This quote is not closed on its line.", span, 'Close it with "'];
  if (/['‘’“”„«»]/.test(character))
    return [`${character} does not open a text.`, span, 'Use straight double quotes: "'];
  return [`${character} has no meaning here.`, span, "Put texts into double quotes"];
}

/** Gives spans by offset; offsets must rise. */
function placer(text: string): (offset: number, length: number) => Span {
  let line = 1;
  let lineStart = 0;
  let seen = 0;
  return (offset, length) => {
    for (; seen < offset; seen++) {
      if (text[seen] === "\n") {
        line++;
        lineStart = seen + 1;
      }
    }
    return { offset, line, column: offset - lineStart + 1, length };
  };
}
