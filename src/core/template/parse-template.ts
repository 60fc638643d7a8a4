import { fail, ok, type Result } from "../kernel/result.ts";
import { cutTemplate, type Piece } from "./lexer.ts";
import { ExpressionReader } from "./parse-expression.ts";
import type { Expression } from "./program.ts";
import { type Branch, type Node, ParseStop, type Position, type TemplateProblem } from "./syntax-tree.ts";

/** Names that templates read and may not write to. */
export const reservedNames: ReadonlySet<string> = new Set([
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

const maximumDepth = 20;
const otherFiles = new Set(["render", "include", "layout", "block", "section", "import", "extends"]);

/**
 * Reads a Liquid template. Nothing in it is run, so hostile templates cost no more than their length.
 * The problem of the first thing that cannot be read comes back with its line and column.
 */
export function parseTemplate(source: string): Result<readonly Node[], TemplateProblem> {
  try {
    return ok(new TemplateParser(cutTemplate(source)).parse());
  } catch (stop) {
    if (stop instanceof ParseStop) return fail(stop.problem);
    throw stop;
  }
}

type Tag = { readonly name: string; readonly rest: ExpressionReader; readonly at: Position };

class TemplateParser {
  readonly #pieces: readonly Piece[];
  #next = 0;
  #depth = 0;
  #loops = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  parse(): readonly Node[] {
    const { body } = this.#body([], undefined);
    return body;
  }

  /** Reads up to one of the closing tags and says which it was; without closing tags, to the end. */
  #body(closers: readonly string[], opened: Tag | undefined): { body: Node[]; closer: Tag | undefined } {
    if (++this.#depth > maximumDepth) {
      throw stop("too-deep", `Blocks are nested more than ${maximumDepth} deep.`, "Simplify.", opened?.at);
    }
    const body: Node[] = [];
    for (;;) {
      const piece = this.#pieces[this.#next++];
      if (!piece) break;
      if (piece.type === "text") body.push({ type: "text", at: piece.at, text: piece.text });
      else if (piece.type === "output") body.push(readOutput(piece));
      else {
        const tag = readTag(piece);
        if (closers.includes(tag.name)) {
          this.#depth--;
          return { body, closer: tag };
        }
        const node = this.#tag(tag, opened);
        if (node) body.push(node);
      }
    }
    if (opened) {
      throw stop(
        "syntax",
        `{% ${opened.name} %} is opened here and never closed.`,
        `Add {% end${opened.name} %} where it should end.`,
        opened.at,
      );
    }
    return { body, closer: undefined };
  }

  #tag(tag: Tag, opened: Tag | undefined): Node | undefined {
    switch (tag.name) {
      case "if":
      case "unless":
        return this.#condition(tag);
      case "case":
        return this.#case(tag);
      case "for":
        return this.#loop(tag);
      case "assign":
        return readAssign(tag);
      case "capture":
        return this.#capture(tag);
      case "break":
      case "continue":
        tag.rest.finish();
        if (this.#loops === 0) {
          throw stop("syntax", `{% ${tag.name} %} stands outside a loop.`, "Remove it.", tag.at);
        }
        return { type: tag.name, at: tag.at };
      default:
        throw unknownTag(tag, opened);
    }
  }

  #condition(tag: Tag): Node {
    const first = tag.rest.condition();
    tag.rest.finish();
    const branches: Branch[] = [];
    let when: Expression | null = tag.name === "unless" ? negated(first) : first;
    for (;;) {
      const { body, closer } = this.#body(
        when === null ? [`end${tag.name}`] : ["elsif", "else", `end${tag.name}`],
        tag,
      );
      branches.push({ when, body });
      when = null;
      if (closer?.name === "elsif") when = closer.rest.condition();
      closer?.rest.finish();
      if (closer?.name !== "elsif" && closer?.name !== "else") break;
    }
    return { type: "if", at: tag.at, branches };
  }

  #case(tag: Tag): Node {
    const subject = tag.rest.value();
    tag.rest.finish();
    const branches: Branch[] = [];
    // Whatever stands between `case` and the first `when` is never shown, as in Liquid.
    let { closer } = this.#body(["when", "else", "endcase"], tag);
    while (closer && closer.name !== "endcase") {
      const isElse: boolean = closer.name === "else";
      const when = isElse ? null : readAlternatives(closer, subject);
      closer.rest.finish();
      const next = this.#body(isElse ? ["endcase"] : ["when", "else", "endcase"], tag);
      branches.push({ when, body: next.body });
      closer = next.closer;
    }
    closer?.rest.finish();
    return { type: "if", at: tag.at, branches };
  }

  #loop(tag: Tag): Node {
    const name = writableName(tag);
    if (!tag.rest.takeWord("in"))
      throw tag.rest.problem("“in” is missing here.", "Write {% for item in list %}.");
    const list = tag.rest.value();
    let limit: Expression | null = null;
    let offset: Expression | null = null;
    let reversed = false;
    for (;;) {
      if (tag.rest.takeWord("reversed")) reversed = true;
      else if (tag.rest.takeWord("limit")) limit = parameter(tag);
      else if (tag.rest.takeWord("offset")) offset = parameter(tag);
      else if (!tag.rest.takeSign(",")) break;
    }
    tag.rest.finish();
    this.#loops++;
    const { body, closer } = this.#body(["else", "endfor"], tag);
    this.#loops--;
    closer?.rest.finish();
    const otherwise = closer?.name === "else" ? this.#body(["endfor"], tag).body : [];
    return { type: "for", at: tag.at, name, list, limit, offset, reversed, body, otherwise };
  }

  #capture(tag: Tag): Node {
    const name = writableName(tag);
    tag.rest.finish();
    const { body } = this.#body(["endcapture"], tag);
    return { type: "capture", at: tag.at, name, body };
  }
}

function readOutput(piece: Piece): Node {
  const reader = new ExpressionReader(piece.text, piece.at);
  const value = reader.filtered();
  reader.finish();
  return { type: "output", at: piece.at, value };
}

function readTag(piece: Piece): Tag {
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

function readAssign(tag: Tag): Node {
  const name = writableName(tag);
  tag.rest.expectSign("=");
  const value = tag.rest.filtered();
  tag.rest.finish();
  return { type: "assign", at: tag.at, name, value };
}

function readAlternatives(tag: Tag, subject: Expression): Expression {
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

function parameter(tag: Tag): Expression {
  tag.rest.expectSign(":");
  return tag.rest.value();
}

function writableName(tag: Tag): string {
  const name = tag.rest.word("a name");
  if (!reservedNames.has(name)) return name;
  throw stop(
    "reserved-name",
    `“${name}” has a meaning of its own and cannot be given a new value.`,
    "Choose another name.",
    tag.at,
  );
}

function negated(condition: Expression): Expression {
  return {
    kind: "binary",
    operator: "==",
    left: { kind: "truth", value: condition },
    right: { kind: "literal", value: false },
  };
}

function unknownTag(tag: Tag, opened: Tag | undefined): ParseStop {
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
    "Use if, unless, case, for, assign, capture, comment or raw.",
    tag.at,
  );
}

function stop(
  code: TemplateProblem["code"],
  message: string,
  fix: string,
  at: Position | undefined,
): ParseStop {
  return new ParseStop({ code, message, fix, at: at ?? { offset: 0, line: 1, column: 1 } });
}
