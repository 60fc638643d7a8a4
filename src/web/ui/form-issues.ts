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

type Refusal = Pick<ApiProblem, "code" | "title" | "help" | "facts" | "issues">;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Reads `facts.problems`: sentences by field, or a list of sentences, each with the field it is about if there is one. */
function problemsIn(facts: Refusal["facts"]): readonly Issue[] {
  const { problems } = facts;
  if (typeof problems !== "object" || problems === null) return [];
  if (!Array.isArray(problems))
    return Object.entries(problems).map(([path, message]) => ({ path, message: String(message) }));
  return problems.flatMap((problem: unknown): Issue[] => {
    if (typeof problem === "string") return [{ path: "", message: problem }];
    if (typeof problem !== "object" || problem === null) return [];
    const given: Readonly<Record<string, unknown>> = { ...problem };
    const message = text(given.message) ?? text(given.problem);
    return message ? [{ path: text(given.path) ?? text(given.field) ?? "", message }] : [];
  });
}

/** The issues of a refusal: those it lists, and the refusal itself where its code belongs to one field. */
export function issuesOf(problem: Refusal, fieldByCode: Readonly<Record<string, string>>): readonly Issue[] {
  const listed = [...problem.issues, ...problemsIn(problem.facts)];
  const path = fieldByCode[problem.code];
  if (path === undefined) return listed;
  return [...listed, { path, message: text(problem.facts.problem) ?? `${problem.title} ${problem.help}` }];
}
