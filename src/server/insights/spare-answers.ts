import type { Clock } from "../platform/index.ts";

/** An answer is given again for this many times the time it took to make, so looking never costs more than a 20th of it. */
const restFactor = 20;
const keepAtMost = 200;

type Kept = { readonly answer: Promise<unknown>; freshUntil: number };

/**
 * Makes the same answer once for everybody who asks at about the same time. What took 10 ms is made anew after 0.2 s, a
 * second's work after 20; answers say themselves as of when they are. A failure is never kept.
 */
export function spareAnswers(clock: Clock) {
  const kept = new Map<string, Kept>();
  return async function spare<Answer>(key: string, make: () => Promise<Answer>): Promise<Answer> {
    const known = kept.get(key);
    // The key names the function that makes it, so the type is that of the first call.
    if (known && known.freshUntil > clock.now().getTime()) return known.answer as Promise<Answer>;
    const begun = clock.now().getTime();
    const answer = make();
    const entry: Kept = { answer, freshUntil: Number.POSITIVE_INFINITY };
    kept.delete(key);
    kept.set(key, entry);
    for (const oldest of kept.keys()) {
      if (kept.size <= keepAtMost) break;
      kept.delete(oldest);
    }
    try {
      return await answer;
    } catch (error) {
      if (kept.get(key) === entry) kept.delete(key);
      throw error;
    } finally {
      const done = clock.now().getTime();
      entry.freshUntil = done + (done - begun) * restFactor;
    }
  };
}
