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

/** A change to one field that removes a finding: ranges of its text (UTF-16 offsets from 0) are replaced. */
export type Repair = {
  /** What the button says: "Add the postal address". */
  readonly label: string;
  readonly field: string;
  /** In rising order and apart from each other. */
  readonly edits: readonly { readonly from: number; readonly to: number; readonly text: string }[];
};

/** The text of a field with a repair made. */
export function applyRepair(text: string, repair: Repair): string {
  let repaired = "";
  let at = 0;
  for (const edit of repair.edits) {
    repaired += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return repaired + text.slice(at);
}

/** True if nothing found blocks. */
export function passes(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.severity !== "error");
}
