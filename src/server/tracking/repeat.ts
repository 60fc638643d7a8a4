/**
 * Repeats work, which says how many milliseconds to wait before the next time; after a failure it waits
 * `retry()`. The returned function stops it and waits for the round under way.
 */
export function repeat(work: () => Promise<number>, retry: () => number): () => Promise<void> {
  let stopped = false;
  let wake = () => {};
  const rounds = (async () => {
    while (!stopped) {
      const pause = await work().catch(retry);
      if (stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return async () => {
    stopped = true;
    wake();
    await rounds;
  };
}
