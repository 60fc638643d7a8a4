import type { Piece } from "./lexer.ts";
import { ExpressionReader } from "./parse-expression.ts";
import type { Expression } from "./program.ts";
import { type Node, ParseStop, type Position, type TemplateProblem } from "./syntax-tree.ts";

/** Names that templates read and may not write to. */
const reservedNames: ReadonlySet<string> = new Set([
  "contact",
  "settings",
  "links",
  "message",
  "journey",
  "forloop",
  "now",
  "today",
  "true",
  "false",
  "nil",
  "null",
  "empty",
  "blank",
]);

const otherFiles = new Set(["render", "include", "layout", "block", "section", "import", "extends"]);

/** A tag with its name read. */
export type Tag = { readonly name: string; readonly rest: ExpressionReader; readonly at: Position };

/** Reads the inside of `{{ … }}`. */
export function readOutput(piece: Piece): Node {
  const reader = new ExpressionReader(piece.text, piece.at);
  const value = reader.filtered();
  reader.finish();
  return { type: "output", at: piece.at, value };
}

/** Reads the name of a tag; what follows it is left in a reader. */
export function readTag(piece: Piece): Tag {
  const match = /^\s*([A-Za-z_]\w*)/.exec(piece.text);
  if (!match?.[1])
    throw stop("syntax", "A tag needs a name.", "Write for example {% if … %} or remove it.", piece.at);
  const skipped = match[0].length;
  const before = piece.text.slice(0, skipped);
  const newline = before.lastIndexOf("\n");
  const at: Position = {
    offset: piece.at.offset + skipped,
    line: piece.at.line + before.split("\n").length - 1,
    column: newline < 0 ? piece.at.column + skipped : skipped - newline,
  };
  return { name: match[1], rest: new ExpressionReader(piece.text.slice(skipped), at), at: piece.at };
}

/** Reads `name = value`. */
export function readAssign(tag: Tag): Node {
  const name = writableName(tag);
  tag.rest.expectSign("=");
  const value = tag.rest.filtered();
  tag.rest.finish();
  return { type: "assign", at: tag.at, name, value };
}

/** Reads `echo value`, which is `{{ value }}` as a tag. */
export function readEcho(tag: Tag): Node {
  const value = tag.rest.filtered();
  tag.rest.finish();
  return { type: "output", at: tag.at, value };
}

/** Reads the values behind `when`, as one condition on the subject. */
export function readAlternatives(tag: Tag, subject: Expression): Expression {
  const equals = (): Expression => ({
    kind: "binary",
    operator: "==",
    left: subject,
    right: tag.rest.value(),
  });
  let when = equals();
  while (tag.rest.takeSign(",") || tag.rest.takeWord("or")) {
    when = { kind: "binary", operator: "or", left: when, right: equals() };
  }
  return when;
}

/** Reads `: value`. */
export function parameter(tag: Tag): Expression {
  tag.rest.expectSign(":");
  return tag.rest.value();
}

/** Reads a name that may be given a value. */
export function writableName(tag: Tag): string {
  const name = tag.rest.word("a name");
  if (!reservedNames.has(name)) return name;
  throw stop(
    "reserved-name",
    `“${name}” has a meaning of its own and cannot be given a new value.`,
    "Choose another name.",
    tag.at,
  );
}

/** The condition that holds where this one does not. */
export function negated(condition: Expression): Expression {
  return {
    kind: "binary",
    operator: "==",
    left: { kind: "truth", value: condition },
    right: { kind: "literal", value: false },
  };
}

/** What to say about a tag that cannot stand here. */
export function unknownTag(tag: Tag, opened: Tag | undefined): ParseStop {
  if (otherFiles.has(tag.name)) {
    return stop(
      "refused-tag",
      `{% ${tag.name} %} is not available: a message cannot draw in other files.`,
      "Paste the content where it should appear.",
      tag.at,
    );
  }
  if (/^(end|els|when)/.test(tag.name)) {
    return stop(
      "syntax",
      opened
        ? `{% ${tag.name} %} does not belong to the {% ${opened.name} %} of line ${opened.at.line}.`
        : `{% ${tag.name} %} closes nothing.`,
      opened ? `Close it with {% end${opened.name} %} first.` : "Remove it.",
      tag.at,
    );
  }
  return stop(
    "unknown-tag",
    `There is no tag {% ${tag.name} %}.`,
    "Use if, unless, case, for, assign, capture, echo, comment or raw.",
    tag.at,
  );
}

/** A problem at a place. */
export function stop(
  code: TemplateProblem["code"],
  message: string,
  fix: string,
  at: Position | undefined,
): ParseStop {
  return new ParseStop({ code, message, fix, at: at ?? { offset: 0, line: 1, column: 1 } });
}
