/** What is known of a tracking key, in milliseconds since 1970. */
export type KeyFacts = {
  readonly kid: number;
  readonly createdAt: number;
  readonly retiredAt: number | null;
};

/** A new key signs so much later, when every process that asks the database has long heard of it. */
export const settleSeconds = 60;
/** A sender may need so long to hear that a key signs; until then the one before may still be in use. */
export const handOverSeconds = 60;
/** After so long a new key is suggested. */
export const suggestedAgeDays = 365;

export type KeyState = {
  /** Waiting: known, and signs later. Verifies: signed before. Retired: for unsubscribing only. */
  readonly state: "waiting" | "signs" | "verifies" | "retired";
  readonly signsFrom: number;
  /** When the next one took over; null while none did. */
  readonly signedUntil: number | null;
  /** [T59] Nobody signs with it any more. */
  readonly canRetire: boolean;
};

/** [T56] The key to sign with: the latest that every process knows. The first one of all has nobody to wait for. */
export function signingKey(keys: readonly KeyFacts[], now: number): number | undefined {
  const trusted = keys.filter(({ retiredAt }) => retiredAt === null).sort((a, b) => a.kid - b.kid);
  return (trusted.findLast((key) => signsFrom(key) <= now) ?? trusted[0])?.kid;
}

/** Where each key stands, by key id. */
export function keyStates(keys: readonly KeyFacts[], now: number): ReadonlyMap<number, KeyState> {
  const signing = signingKey(keys, now);
  return new Map(
    keys.map((key) => {
      const next = keys
        .filter(({ kid }) => kid > key.kid)
        .map(signsFrom)
        .reduce((soonest, at) => Math.min(soonest, at), Number.POSITIVE_INFINITY);
      const state = key.retiredAt !== null ? "retired" : stateOf(key, signing, now);
      return [
        key.kid,
        {
          state,
          signsFrom: signsFrom(key),
          signedUntil: next <= now ? next : null,
          canRetire: state === "verifies" && now >= next + handOverSeconds * 1000,
        },
      ] as const;
    }),
  );
}

/** [T57] Whether it is time for a new key. */
export function isNewKeySuggested(keys: readonly KeyFacts[], now: number): boolean {
  const newest = Math.max(...keys.map(({ createdAt }) => createdAt));
  return now - newest > suggestedAgeDays * 86_400_000;
}

function signsFrom({ createdAt }: KeyFacts): number {
  return createdAt + settleSeconds * 1000;
}

function stateOf(key: KeyFacts, signing: number | undefined, now: number): "waiting" | "signs" | "verifies" {
  if (key.kid === signing) return "signs";
  return signsFrom(key) > now ? "waiting" : "verifies";
}
