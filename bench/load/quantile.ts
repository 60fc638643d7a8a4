/** The smallest of these ascending values that is not exceeded by this share of them. NaN of nothing. */
export function quantile(ascending: Float64Array, share: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? Number.NaN;
}
