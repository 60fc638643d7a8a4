import { fail, ok, type Result } from "../kernel/result.ts";
import { cutTemplate, type Piece } from "./lexer.ts";
import type { Expression } from "./program.ts";
import {
  negated,
  parameter,
  readAlternatives,
  readAssign,
  readEcho,
  readOutput,
  readTag,
  stop,
  type Tag,
  unknownTag,
  writableName,
} from "./read-tag.ts";
import { type Branch, type Node, ParseStop, type TemplateProblem } from "./syntax-tree.ts";

const maximumDepth = 20;

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
      case "echo":
        return readEcho(tag);
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
