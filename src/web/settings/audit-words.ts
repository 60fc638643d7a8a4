/** What an action was done to: "contact 12"; a dash if it was about nothing in particular. */
export function auditSubject({
  subjectKind,
  subjectId,
}: {
  readonly subjectKind: string | null;
  readonly subjectId: string | null;
}): string {
  return [subjectKind, subjectId].filter(Boolean).join(" ") || "–";
}

/** The details of an action on one line: "role: admin, disabled: true". */
export function auditDetails(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
