import { fail, ok, type Result } from "../../kernel/result.ts";
import { type Condition, conditionSchema, type Rule } from "../condition.ts";
import type { Catalog } from "../references.ts";
import { type Span, SyntaxProblem, type TextProblem } from "./lex.ts";
import { parseCall } from "./parse-call.ts";
import { parseFieldRule } from "./parse-field-rule.ts";
import { type Parsing, parseGroup } from "./parse-group.ts";
import { readTokens, refuseToken } from "./token-reader.ts";

/** A condition read from text, and where each of its groups and rules stands. */
export type ParsedText = { readonly condition: Condition; readonly spans: ReadonlyMap<object, Span> };

/** Reads the text face of a condition. Names are looked up in the catalog; fields and types are not checked here. */
export function parseCondition(text: string, catalog: Catalog): Result<ParsedText, readonly TextProblem[]> {
  const problems: TextProblem[] = [];
  try {
    const spans = new Map<object, Span>();
    const reader = readTokens(text);
    const parsing = { reader, catalog, spans, report: (each: TextProblem) => problems.push(each), depth: 0 };
    const condition = parseGroup<Rule>(parsing, parseRule);
    if (reader.peek().kind !== "end") refuseToken(reader.peek(), "and, or, or the end", null);
    if (problems.length === 0) return checkShape({ condition, spans });
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    problems.push(error.problem);
  }
  return fail(problems);
}

/** Sizes and ranges are the schema's business; what it refuses is shown at the rule it is in. */
function checkShape(parsed: ParsedText): Result<ParsedText, readonly TextProblem[]> {
  const checked = conditionSchema.safeParse(parsed.condition);
  if (checked.success) return ok(parsed);
  return fail(
    checked.error.issues.map(({ path, message }) => ({
      ...spanAt(parsed, path),
      code: "segment-text.value",
      message: `${message}.`,
      suggestion: null,
    })),
  );
}

function spanAt({ condition, spans }: ParsedText, path: readonly PropertyKey[]): Span {
  let place: unknown = condition;
  let span = spans.get(condition) ?? { offset: 0, line: 1, column: 1, length: 0 };
  for (const key of path) {
    if (typeof place !== "object" || place === null) break;
    place = Object.getOwnPropertyDescriptor(place, key)?.value;
    if (typeof place === "object" && place !== null) span = spans.get(place) ?? span;
  }
  return span;
}

function parseRule(parsing: Parsing): Rule | { readonly kind: "not"; readonly of: Rule } {
  const { reader } = parsing;
  const word = reader.peek();
  if (reader.take("mailable")) return { kind: "mailable" };
  if (word.kind === "word" && reader.peek(1).text === "(") return parseCall(parsing);
  return parseFieldRule(parsing);
}
