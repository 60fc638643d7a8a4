/** A stretch of time in which many different keys were seen close together, and the most that were in one window. */
export type DenseSpan = { readonly from: number; readonly to: number; readonly most: number };

/**
 * Finds where at least `least` different keys lie within `width` milliseconds. Everything inside a span belongs to such
 * a window; spans that touch are one. Takes one walk through the entries, whatever their number.
 */
export function denseSpans(
  entries: readonly { readonly key: string | number; readonly at: number }[],
  width: number,
  least: number,
): readonly DenseSpan[] {
  if (entries.length < least) return [];
  const sorted = entries.toSorted((a, b) => a.at - b.at);
  const inside = new Map<string | number, number>();
  const spans: { from: number; to: number; most: number }[] = [];
  let first = 0;
  for (const { key, at } of sorted) {
    inside.set(key, (inside.get(key) ?? 0) + 1);
    for (let oldest = sorted[first]; oldest && at - oldest.at > width; oldest = sorted[++first]) {
      const left = (inside.get(oldest.key) ?? 0) - 1;
      if (left > 0) inside.set(oldest.key, left);
      else inside.delete(oldest.key);
    }
    if (inside.size < least) continue;
    const from = sorted[first]?.at ?? at;
    const last = spans.at(-1);
    if (last && from <= last.to) {
      last.to = at;
      last.most = Math.max(last.most, inside.size);
    } else spans.push({ from, to: at, most: inside.size });
  }
  return spans;
}

/** How many there were in the span that holds this moment; 0 outside of all. */
export function mostAt(spans: readonly DenseSpan[], at: number): number {
  return spans.find(({ from, to }) => from <= at && at <= to)?.most ?? 0;
}
