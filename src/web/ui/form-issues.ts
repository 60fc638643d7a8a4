import type { ApiProblem, Issue } from "./problem.ts";

/** What is wrong with one field: issues at its path or below it (`tags.0` belongs to `tags`). */
export function issueOf(issues: readonly Issue[], field: string): string | undefined {
  const own = issues.filter(({ path }) => path === field || path.startsWith(`${field}.`));
  return own.length > 0 ? [...new Set(own.map(({ message }) => message))].join(" ") : undefined;
}

/** Issues that no field of the form can show; they belong above the buttons. */
export function strayIssues(issues: readonly Issue[], fields: readonly string[]): readonly Issue[] {
  return issues.filter(({ path }) => !fields.some((field) => path === field || path.startsWith(`${field}.`)));
}

/** The issues of a refusal: those it lists, and the refusal itself where its code belongs to one field. */
export function issuesOf(
  problem: Pick<ApiProblem, "code" | "title" | "help" | "facts" | "issues">,
  fieldByCode: Readonly<Record<string, string>>,
): readonly Issue[] {
  const path = fieldByCode[problem.code];
  if (path === undefined) return problem.issues;
  const message =
    typeof problem.facts.problem === "string" ? problem.facts.problem : `${problem.title} ${problem.help}`;
  return [...problem.issues, { path, message }];
}
