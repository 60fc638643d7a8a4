import { checkCondition, type Schema } from "#core/segments/check-condition.ts";
import { type Condition, conditionSchema } from "#core/segments/condition.ts";
import { rulesOf } from "#core/segments/references.ts";
import { simplify } from "#core/segments/simplify.ts";
import type { TextProblem } from "#core/segments/text/lex.ts";
import { printCondition } from "#core/segments/text/print.ts";
import { readCondition } from "#core/segments/text/read-condition.ts";

/** A condition being edited, in both faces. While the text has problems, the condition is the last one that had none. */
export type Draft = {
  readonly condition: Condition;
  readonly text: string;
  readonly textProblems: readonly TextProblem[];
};

/** A draft of a condition that is taken as it is. */
export function draftOf(condition: Condition, schema: Schema): Draft {
  return { condition, text: printCondition(simplify(condition), schema.catalog), textProblems: [] };
}

/** What was typed becomes the condition if it can be read. */
export function withText(draft: Draft, text: string, schema: Schema): Draft {
  const read = readCondition(text, schema);
  return read.ok
    ? { condition: read.value, text, textProblems: [] }
    : { ...draft, text, textProblems: read.error };
}

/** What is wrong with each rule, in a sentence; rules that are fine are not in it. */
export function problemsByRule(condition: Condition, schema: Schema): ReadonlyMap<object, string> {
  const problems = new Map<object, string>();
  for (const rule of rulesOf(condition)) {
    if (!conditionSchema.safeParse(rule).success) problems.set(rule, "Fill in what is missing.");
    const [problem] = checkCondition(rule, schema);
    if (problem && !problems.has(rule))
      problems.set(rule, [problem.message, problem.suggestion].filter(Boolean).join(" "));
  }
  return problems;
}

/** True if a draft can be saved and counted. */
export function isComplete({ condition, textProblems }: Draft, schema: Schema): boolean {
  return textProblems.length === 0 && problemsByRule(condition, schema).size === 0;
}
