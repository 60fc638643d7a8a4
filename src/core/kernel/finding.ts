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
  /** What one click would do about it. */
  readonly repair?: Repair;
};

/** A change to one field that removes a finding: a range of its text (UTF-16 offsets from 0) is replaced. */
export type Repair = {
  /** What the button says: "Add the postal address". */
  readonly label: string;
  readonly field: "subject" | "preheader" | "fromName" | "fromAddress" | "replyTo" | "html" | "text";
  readonly from: number;
  readonly to: number;
  readonly insert: string;
};

/** The text of a field with a repair made. */
export function applyRepair(text: string, repair: Repair): string {
  return text.slice(0, repair.from) + repair.insert + text.slice(repair.to);
}

/** True if nothing found blocks. */
export function passes(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.severity !== "error");
}
