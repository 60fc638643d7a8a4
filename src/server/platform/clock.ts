/** Where the time comes from. Nothing else on the server may ask the machine. */
export type Clock = { readonly now: () => Date };

export const systemClock: Clock = { now: () => new Date() };

/** A clock set by hand, for tests and rehearsals. */
export function manualClock(
  start: Date,
): Clock & { readonly set: (time: Date) => void; readonly advance: (milliseconds: number) => void } {
  let current = start;
  return {
    now: () => current,
    set: (time) => {
      current = time;
    },
    advance: (milliseconds) => {
      current = new Date(current.getTime() + milliseconds);
    },
  };
}
