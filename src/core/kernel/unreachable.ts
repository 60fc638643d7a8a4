/** Proves to the compiler that a switch is complete; reaching it at run time is a bug. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable case: ${JSON.stringify(value)}`);
}

/** States a fact that only a bug can break. Never use it for input. */
export function invariant(condition: unknown, fact: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${fact}`);
}
