import { setTimeout as pause } from "node:timers/promises";

/** Asks until the answer satisfies, every 250 ms. Throws after `limitSeconds`, with the last answer. */
export async function waitUntil<Answer>(
  what: string,
  limitSeconds: number,
  ask: () => Promise<Answer>,
  satisfies: (answer: Answer) => boolean,
): Promise<Answer> {
  const end = performance.now() + limitSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (satisfies(answer)) return answer;
    if (performance.now() > end)
      throw new Error(
        `${what} was not reached in ${limitSeconds} s; last: ${JSON.stringify(answer).slice(0, 500)}`,
      );
    await pause(250);
  }
}
