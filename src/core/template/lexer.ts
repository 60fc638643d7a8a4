import { ParseStop, type Position } from "./syntax-tree.ts";

/** A stretch of the source: plain text, the inside of `{{ … }}`, or the inside of `{% … %}`. */
export type Piece = {
  readonly type: "text" | "output" | "tag";
  /** Where the text starts, or the first character behind the opening braces. */
  readonly at: Position;
  readonly text: string;
};

/** Translates offsets into lines and columns; offsets must be asked in rising order for speed, any order works. */
export class Places {
  readonly #source: string;
  #offset = 0;
  #line = 1;
  #lineStart = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** The place of an offset. */
  at(offset: number): Position {
    if (offset < this.#offset) {
      this.#offset = 0;
      this.#line = 1;
      this.#lineStart = 0;
    }
    for (let i = this.#source.indexOf("\n", this.#offset); i >= 0 && i < offset; ) {
      this.#line++;
      this.#lineStart = i + 1;
      i = this.#source.indexOf("\n", i + 1);
    }
    this.#offset = offset;
    return { offset, line: this.#line, column: offset - this.#lineStart + 1 };
  }
}

/**
 * Cuts a template into text, outputs and tags, applies `{%-` whitespace control and takes comments and raw blocks out.
 * Throws `ParseStop` for an opening without its end.
 */
export function cutTemplate(source: string): Piece[] {
  const places = new Places(source);
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  const addText = (from: number, to: number, trimEnd: boolean) => {
    let start = from;
    let end = to;
    if (trimNext) while (start < end && isSpace(source.charCodeAt(start))) start++;
    if (trimEnd) while (end > start && isSpace(source.charCodeAt(end - 1))) end--;
    if (end > start) pieces.push({ type: "text", at: places.at(start), text: source.slice(start, end) });
  };
  while (at < source.length) {
    const open = nextOpening(source, at);
    if (open < 0) break;
    const tag = readDelimited(source, open, places);
    addText(at, open, tag.trimBefore);
    trimNext = tag.trimAfter;
    at = tag.end;
    const name = tag.type === "tag" ? /^\s*(raw|comment)\s*$/.exec(tag.text)?.[1] : undefined;
    if (name === undefined) {
      if (!(tag.type === "tag" && /^\s*#/.test(tag.text)))
        pieces.push({ type: tag.type, at: places.at(tag.start), text: tag.text });
      continue;
    }
    const close = findClosing(source, at, name);
    if (!close) throw unclosed(places.at(open), `{% ${name} %}`, `{% end${name} %}`);
    if (name === "raw") addText(at, close.from, close.trimBefore);
    trimNext = close.trimAfter;
    at = close.to;
  }
  addText(at, source.length, false);
  return pieces;
}

function nextOpening(source: string, from: number): number {
  for (let i = source.indexOf("{", from); i >= 0; i = source.indexOf("{", i + 1)) {
    const next = source[i + 1];
    if (next === "{" || next === "%") return i;
  }
  return -1;
}

function readDelimited(source: string, open: number, places: Places) {
  const type = source[open + 1] === "{" ? ("output" as const) : ("tag" as const);
  const closing = type === "output" ? "}}" : "%}";
  let start = open + 2;
  const trimBefore = source[start] === "-";
  if (trimBefore) start++;
  let quote = "";
  for (let i = start; i < source.length; i++) {
    const character = source[i] ?? "";
    if (quote) {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'")
      quote = quotedFrom(source, i, closing) ? character : "";
    else if (source.startsWith(closing, i)) {
      const trimAfter = source[i - 1] === "-" && i > start;
      return {
        type,
        start,
        trimBefore,
        trimAfter,
        text: source.slice(start, trimAfter ? i - 1 : i),
        end: i + 2,
      };
    }
  }
  throw unclosed(places.at(open), type === "output" ? "{{" : "{%", closing);
}

/** An apostrophe in a comment tag is no string: a quote counts only if it is closed before the line or the file ends. */
function quotedFrom(source: string, at: number, closing: string): boolean {
  const end = source.indexOf(source[at] ?? "", at + 1);
  if (end < 0) return false;
  const stop = source.indexOf(closing, at);
  return stop < 0 || end < stop || !source.slice(stop, end).includes("\n");
}

function findClosing(source: string, from: number, name: string) {
  const pattern = new RegExp(`\\{%(-?)\\s*end${name}\\s*(-?)%\\}`, "g");
  pattern.lastIndex = from;
  const match = pattern.exec(source);
  return match
    ? {
        from: match.index,
        to: match.index + match[0].length,
        trimBefore: match[1] === "-",
        trimAfter: match[2] === "-",
      }
    : undefined;
}

function unclosed(at: Position, opening: string, closing: string): ParseStop {
  return new ParseStop({
    code: "syntax",
    message: `“${opening}” is opened here and never closed.`,
    fix: `Add “${closing}” where it should end.`,
    at,
  });
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 160;
}
