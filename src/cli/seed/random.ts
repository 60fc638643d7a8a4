/** Numbers from 0 to below 1 that look random and are the same each time for one seed (mulberry32, public domain). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the given, by weight. */
export function pick<Item>(
  random: () => number,
  choices: readonly (readonly [item: Item, weight: number])[],
): Item {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  let rest = random() * total;
  for (const [item, weight] of choices) {
    rest -= weight;
    if (rest < 0) return item;
  }
  const last = choices.at(-1);
  if (!last) throw new Error("There is nothing to pick from");
  return last[0];
}
