import { lex, type Span, SyntaxProblem, type Token } from "./lex.ts";

/** Walks over the tokens of a text, one at a time, with the refusals that every rule of the grammar needs. */
export type TokenReader = {
  /** The token that comes next, or one further on. */
  readonly peek: (ahead?: number) => Token;
  readonly next: () => Token;
  /** True if the next token is this word (in any case) or symbol. */
  readonly is: (text: string) => boolean;
  /** Takes the next token if it is this word or symbol. */
  readonly take: (text: string) => boolean;
  /** Takes it or refuses. */
  readonly expect: (text: string) => Token;
  readonly expectKind: (kind: Token["kind"], what: string) => Token;
  /** Where everything since a token stands. */
  readonly spanFrom: (first: Token) => Span;
};

/** Reads a text from its start. Throws SyntaxProblem where it is not made of tokens. */
export function readTokens(text: string): TokenReader {
  const tokens = lex(text);
  const end = tokens[tokens.length - 1] ?? { kind: "end", text: "", value: "", span: nowhere };
  let position = 0;
  const peek = (ahead = 0): Token => tokens[position + ahead] ?? end;
  const is = (wanted: string) => {
    const { kind, text: found } = peek();
    return (kind === "word" || kind === "symbol") && found.toLowerCase() === wanted;
  };
  const next = (): Token => {
    const token = peek();
    position = Math.min(position + 1, tokens.length - 1);
    return token;
  };
  return {
    peek,
    is,
    next,
    take: (wanted) => is(wanted) && next() !== undefined,
    expect: (wanted) => (is(wanted) ? next() : refuseToken(peek(), wanted)),
    expectKind: (kind, what) => (peek().kind === kind ? next() : refuseToken(peek(), what)),
    spanFrom: (first) => {
      const last = tokens[Math.max(0, position - 1)] ?? end;
      return { ...first.span, length: last.span.offset + last.span.length - first.span.offset };
    },
  };
}

const nowhere: Span = { offset: 0, line: 1, column: 1, length: 0 };

/** Refuses a token where something else was expected. */
export function refuseToken(token: Token, expected: string, suggestion: string | null = null): never {
  const found = token.kind === "end" ? "the text ends" : `there is ${token.text}`;
  throw new SyntaxProblem(`Expected ${expected} here, but ${found}.`, token.span, suggestion);
}
