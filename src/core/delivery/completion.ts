/** Totals of a mailing by outcome; `queued` counts what was ever handed over to it. */
export type MailingTotals = Readonly<Record<string, number>>;

/** How many recipients have no fate yet: never begun, under way or put off. */
export function countWithoutFate(totals: MailingTotals): number {
  const { queued = 0, ...fates } = totals;
  return Object.values(fates).reduce((rest, total) => rest - total, queued);
}

/**
 * [D74] Whether a mailing is complete: each of its recipients has a fate by the count of the ledger, and nothing more is handed over to
 * it. What is in doubt has a fate; a batch that happens to be empty says nothing.
 */
export function isComplete(totals: MailingTotals, mayGrow: boolean): boolean {
  return !mayGrow && countWithoutFate(totals) === 0;
}
