/** The candidate that was probably meant, or undefined if none is close. For "Did you mean …?". */
export function nearest(wrong: string, candidates: readonly string[]): string | undefined {
  const from = wrong.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.floor(Math.max(3, wrong.length) / 3) + 1;
  for (const candidate of candidates) {
    const to = candidate.toLowerCase();
    if (Math.abs(to.length - from.length) >= bestDistance) continue;
    const distance = editDistance(from, to);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance: how many characters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      line.push(Math.min(replaced, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[to.length] ?? 0;
}
