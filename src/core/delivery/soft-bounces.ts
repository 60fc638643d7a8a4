/** When an address that is often unreachable is left alone, and for how long. */
export type SoftBouncePolicy = {
  readonly inARow: number;
  /** For the first time that a row is full, the second …; the last one holds for all later ones. */
  readonly termsDays: readonly number[];
  /** A delivery that was accepted and did not come back for so long has arrived, and ends the row. */
  readonly settledAfterDays: number;
};

export const usualSoftBouncePolicy: SoftBouncePolicy = {
  inARow: 5,
  termsDays: [7, 14, 30, 180],
  settledAfterDays: 3,
};

/** What is remembered of an address. */
export type SoftStanding = { readonly deliveryIds: readonly string[]; readonly occurrences: number };

export type SoftBounce = {
  readonly deliveryId: string;
  /** Since the bounce before, something arrived there or somebody read something. */
  readonly isAfterGoodNews: boolean;
};

/**
 * [D52] Counts a soft bounce. Each delivery counts once in its row. A full row suppresses, the longer the more often that
 * happened, and the next bounce begins another; good news begins another too.
 */
export function countSoftBounce(
  standing: SoftStanding,
  bounce: SoftBounce,
  policy: SoftBouncePolicy,
): { readonly standing: SoftStanding; readonly suppressForDays: number | undefined } {
  if (standing.deliveryIds.includes(bounce.deliveryId)) return { standing, suppressForDays: undefined };
  const isOver = bounce.isAfterGoodNews || standing.deliveryIds.length >= policy.inARow;
  const deliveryIds = [...(isOver ? [] : standing.deliveryIds), bounce.deliveryId];
  if (deliveryIds.length < policy.inARow)
    return { standing: { ...standing, deliveryIds }, suppressForDays: undefined };
  const occurrences = standing.occurrences + 1;
  return {
    standing: { deliveryIds, occurrences },
    suppressForDays: policy.termsDays[Math.min(occurrences, policy.termsDays.length) - 1],
  };
}
