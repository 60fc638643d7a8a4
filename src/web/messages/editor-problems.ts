/** A problem at a place in a text: 1-based line and column. */
export type EditorProblem = {
  readonly line: number;
  readonly column: number;
  readonly severity: "error" | "warning";
  readonly message: string;
};

type PlacedFinding = {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly fix: string;
  readonly where: {
    readonly field: string;
    readonly line?: number | undefined;
    readonly column?: number | undefined;
  };
};

/** The findings that point into one field, as problems that an editor can draw. */
export function problemsIn(field: string, findings: readonly PlacedFinding[]): EditorProblem[] {
  return findings
    .filter(({ where }) => where.field === field && where.line !== undefined)
    .map(({ where, severity, message, fix }) => ({
      line: where.line ?? 1,
      column: where.column ?? 1,
      severity,
      message: `${message} ${fix}`,
    }));
}
