/**
 * What a check found. `error` blocks going live; `warning` advises.
 *
 * `where` is a place a person can be taken to: a field ("subject", "html", "text", "from", "journey"),
 * optionally a 1-based line and column in it, or a journey tile.
 */
export type Finding = {
  readonly code: string;
  readonly severity: "error" | "warning";
  /** What is wrong, in one plain sentence. */
  readonly message: string;
  /** Why it matters, in one plain sentence. */
  readonly why: string;
  /** What to do about it, in one plain sentence. */
  readonly fix: string;
  readonly where: {
    readonly field: string;
    readonly line?: number;
    readonly column?: number;
    readonly nodeId?: string;
  };
};

/** True if nothing found blocks. */
export function passes(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.severity !== "error");
}
