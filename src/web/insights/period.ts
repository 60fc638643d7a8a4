/** The periods to choose from, in days. */
export const periods = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
] as const;

const usual = "30";
const hourMs = 3_600_000;

/**
 * The beginning of a period that ends now, at a whole hour, so that the address of the question stays the same for an
 * hour and its answer can be kept.
 */
export function periodFrom(
  days: string | undefined,
  now: Date,
): { readonly days: string; readonly from: string } {
  const chosen = periods.find(({ value }) => value === days)?.value ?? usual;
  const hour = Math.floor(now.getTime() / hourMs) * hourMs;
  return { days: chosen, from: new Date(hour - Number(chosen) * 24 * hourMs).toISOString() };
}
