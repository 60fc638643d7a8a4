import { createHash } from "node:crypto";
import { refuse } from "#contract/errors.ts";
import type { Clock } from "../platform/index.ts";

const windowMilliseconds = 15 * 60 * 1000;
const triesPerAccountAndIp = 8;
const triesPerIp = 60;
const rememberedKeys = 50_000;

/**
 * Slows down guessing. Counted per account **and** address, so that an attacker cannot lock somebody out, and per
 * address over all accounts. Kept in memory per process: with n web processes the limit is n times as high.
 */
export type AttemptLimit = {
  /** Refuses with request.too-many when there were too many failures lately, else notes one more attempt. */
  readonly attempt: (account: string, ip: string) => void;
  /** Forgets the failures of an account at an address after it succeeded. */
  readonly succeeded: (account: string, ip: string) => void;
};

/** Creates a limit on guessing with its own memory. */
export function createAttemptLimit(clock: Clock): AttemptLimit {
  const counts = new Map<string, { count: number; until: number }>();
  const keyOf = (account: string, ip: string) =>
    createHash("sha256").update(`${account}\0${ip}`).digest("base64");

  function count(key: string, limit: number): void {
    const now = clock.now().getTime();
    const known = counts.get(key);
    const current = known && known.until > now ? known : { count: 0, until: now + windowMilliseconds };
    if (current.count >= limit)
      refuse("request.too-many", { retryAfterSeconds: Math.ceil((current.until - now) / 1000) });
    counts.delete(key);
    counts.set(key, { count: current.count + 1, until: current.until });
    if (counts.size > rememberedKeys) for (const oldest of counts.keys()) return void counts.delete(oldest);
  }

  return {
    attempt(account, ip) {
      count(ip, triesPerIp);
      count(keyOf(account, ip), triesPerAccountAndIp);
    },
    succeeded: (account, ip) => void counts.delete(keyOf(account, ip)),
  };
}
