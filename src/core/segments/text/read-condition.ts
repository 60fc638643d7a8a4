import { fail, ok, type Result } from "../../kernel/result.ts";
import { checkCondition, type Schema } from "../check-condition.ts";
import type { Condition } from "../condition.ts";
import type { TextProblem } from "./lex.ts";
import { parseCondition } from "./parse.ts";

/** Reads a text and checks its types: the condition, or every problem with line, column and what to write instead. */
export function readCondition(text: string, schema: Schema): Result<Condition, readonly TextProblem[]> {
  const parsed = parseCondition(text, schema.catalog);
  if (!parsed.ok) return parsed;
  const { condition, spans } = parsed.value;
  const problems = checkCondition(condition, schema);
  if (problems.length === 0) return ok(condition);
  const start = { offset: 0, line: 1, column: 1, length: text.length };
  return fail(
    problems.map(({ code, message, suggestion, rule }) => ({
      ...(spans.get(rule) ?? start),
      code,
      message,
      suggestion,
    })),
  );
}
