import { type BinaryOperator, binaryOperators, type Expression } from "./program.ts";
import { ParseStop, type Position } from "./syntax-tree.ts";

type Token = {
  readonly type: "word" | "number" | "string" | "sign" | "end";
  readonly text: string;
  readonly at: number;
};

/** The nesting of parentheses, brackets and chained conditions that an expression may have. */
const maximumDepth = 20;

/** Reads the expressions inside one tag. All errors are thrown as `ParseStop` with their place. */
export class ExpressionReader {
  readonly #tokens: readonly Token[];
  readonly #start: Position;
  readonly #text: string;
  #next = 0;
  #depth = 0;

  constructor(text: string, start: Position) {
    this.#start = start;
    this.#text = text;
    this.#tokens = [...this.#cut()];
  }

  /** A value with its filters: `contact.first_name | default: "you"`. */
  filtered(): Expression {
    let value = this.value();
    while (this.takeSign("|")) {
      const at = this.#offset();
      const name = this.word("the name of a filter");
      const args = this.takeSign(":") ? this.#arguments() : [];
      value = { kind: "filter", name, input: value, args, at };
    }
    return value;
  }

  /** What follows the colon of a filter. `allow_false: …`, the one argument of Liquid with a name, comes second wherever it stands. */
  #arguments(): Expression[] {
    const args: Expression[] = [];
    let allowsFalse: Expression | undefined;
    do {
      if (this.takeWord("allow_false")) {
        this.expectSign(":");
        allowsFalse = this.value();
      } else args.push(this.value());
    } while (this.takeSign(","));
    if (!allowsFalse) return args;
    return [args[0] ?? { kind: "literal", value: "" }, allowsFalse, ...args.slice(1)];
  }

  /** A condition; `and` and `or` bind from right to left as in Liquid, without precedence. */
  condition(): Expression {
    this.#deeper();
    let left = this.value();
    const operator = this.#takeOperator(comparisons);
    if (operator) left = { kind: "binary", operator, left, right: this.value() };
    const joint = this.#takeOperator(joints);
    if (joint) left = { kind: "binary", operator: joint, left, right: this.condition() };
    this.#depth--;
    return left;
  }

  /** One value: a literal, a path, or a range in parentheses. */
  value(): Expression {
    const at = this.#offset();
    const token = this.#take();
    if (token.type === "string") return { kind: "literal", value: token.text };
    if (token.type === "number") return { kind: "literal", value: Number(token.text) };
    if (token.type === "word") return keywords[token.text] ?? this.#path(token.text, at);
    if (token.type === "sign" && token.text === "(") {
      this.#deeper();
      const from = this.value();
      if (!this.takeSign("..")) {
        throw this.problem(
          "Only ranges such as (1..5) are written in parentheses.",
          "Remove the parentheses.",
        );
      }
      const to = this.value();
      this.expectSign(")");
      this.#depth--;
      return { kind: "range", from, to };
    }
    this.#next--;
    throw this.problem(
      token.type === "end" ? "A value is missing here." : `“${token.text}” cannot stand here.`,
      "Write a name such as contact.first_name, a text in quotes or a number.",
    );
  }

  /** Takes the next word if it is this one. */
  takeWord(text: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.type !== "word" || token.text !== text) return false;
    this.#next++;
    return true;
  }

  /** Takes the next sign if it is this one. */
  takeSign(text: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.type !== "sign" || token.text !== text) return false;
    this.#next++;
    return true;
  }

  /** Takes this sign or stops. */
  expectSign(text: string): void {
    if (!this.takeSign(text)) throw this.problem(`“${text}” is missing here.`, `Add “${text}”.`);
  }

  /** Takes any word or stops. */
  word(what: string): string {
    const token = this.#take();
    if (token.type === "word") return token.text;
    this.#next--;
    throw this.problem(`Here should be ${what}.`, `Add ${what}.`);
  }

  /** Stops if anything is left. */
  finish(): void {
    const token = this.#tokens[this.#next];
    if (token && token.type !== "end") {
      throw this.problem(
        `“${token.text}” was not expected here.`,
        "Remove it, or check the spelling before it.",
      );
    }
  }

  /** A problem at the next token. */
  problem(message: string, fix: string): ParseStop {
    const offset = this.#tokens[this.#next]?.at ?? 0;
    return new ParseStop({ code: "syntax", message, fix, at: this.#placeOf(offset) });
  }

  #path(root: string, at: number): Expression {
    const keys: (string | number | Expression)[] = [];
    for (;;) {
      if (this.takeSign(".")) keys.push(this.word("the name of a field"));
      else if (this.takeSign("[")) {
        this.#deeper();
        const key = this.value();
        this.expectSign("]");
        this.#depth--;
        keys.push(
          key.kind === "literal" && (typeof key.value === "string" || typeof key.value === "number")
            ? key.value
            : key,
        );
      } else return { kind: "path", root, keys, at };
    }
  }

  #takeOperator<Operator extends BinaryOperator>(among: ReadonlySet<Operator>): Operator | undefined {
    const text = this.#tokens[this.#next]?.text;
    const type = this.#tokens[this.#next]?.type;
    if (type !== "word" && type !== "sign") return undefined;
    for (const operator of among) {
      if (operator === text || (operator === "!=" && text === "<>")) {
        this.#next++;
        return operator;
      }
    }
    return undefined;
  }

  /** Where the next token starts in the source. */
  #offset(): number {
    return this.#start.offset + (this.#tokens[this.#next]?.at ?? 0);
  }

  #take(): Token {
    const token = this.#tokens[this.#next++];
    return token ?? { type: "end", text: "", at: 0 };
  }

  #deeper(): void {
    if (++this.#depth > maximumDepth) {
      throw this.problem(`This is nested more than ${maximumDepth} deep.`, "Split it with {% assign %}.");
    }
  }

  *#cut(): Generator<Token> {
    const text = this.#text;
    const pattern =
      /\s+|("[^"]*"|'[^']*')|(-?\d+(?:\.\d+)?(?!\w))|([A-Za-z_][\w-]*\??)|(\.\.|==|!=|<>|<=|>=|[<>|:,.()[\]=])|(.)/gsuy;
    for (const match of text.matchAll(pattern)) {
      const [, string, number, word, sign, other] = match;
      if (string !== undefined) yield { type: "string", text: string.slice(1, -1), at: match.index };
      else if (number !== undefined) yield { type: "number", text: number, at: match.index };
      else if (word !== undefined) yield { type: "word", text: word, at: match.index };
      else if (sign !== undefined) yield { type: "sign", text: sign, at: match.index };
      else if (other !== undefined) {
        throw new ParseStop({
          code: "syntax",
          message: `“${other}” cannot stand here.`,
          fix: other === '"' || other === "'" ? "Close the quotes." : "Remove it.",
          at: this.#placeOf(match.index),
        });
      }
    }
    yield { type: "end", text: "", at: text.length };
  }

  #placeOf(offset: number): Position {
    const before = this.#text.slice(0, offset);
    const newline = before.lastIndexOf("\n");
    return {
      offset: this.#start.offset + offset,
      line: this.#start.line + before.split("\n").length - 1,
      column: newline < 0 ? this.#start.column + offset : offset - newline,
    };
  }
}

const comparisons: ReadonlySet<BinaryOperator> = new Set(
  binaryOperators.filter((operator) => operator !== "and" && operator !== "or"),
);
const joints: ReadonlySet<BinaryOperator> = new Set<BinaryOperator>(["and", "or"]);

const keywords: { readonly [word: string]: Expression | undefined } = Object.assign(Object.create(null), {
  nil: { kind: "literal", value: null },
  null: { kind: "literal", value: null },
  true: { kind: "literal", value: true },
  false: { kind: "literal", value: false },
  empty: { kind: "empty" },
  blank: { kind: "blank" },
} satisfies Record<string, Expression>);
