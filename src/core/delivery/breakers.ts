import { z } from "zod";

const share = z.number().min(0).max(1);

/** [D30] When a mailing stops by itself. Shares are of what was tried in the window. */
export const BreakerLimits = z.object({
  /** Nothing is judged by its share before so many recipients were tried. */
  minimumSample: z.number().int().min(1).max(100_000).default(100),
  hardBounces: share.default(0.05),
  policyRefusals: share.default(0.02),
  unmade: share.default(0.01),
  complaints: share.default(0.003),
  complaintAlarm: share.default(0.0008),
  /** In doubt within five minutes. */
  inDoubt: z.number().int().min(1).max(100_000).default(10),
});
export type BreakerLimits = z.infer<typeof BreakerLimits>;

/** What happened to a mailing since its window began. */
export type WindowCounts = {
  /** Handed to a server, which answered or did not: accepted, refused, given up, in doubt. */
  readonly tried: number;
  readonly hardBounces: number;
  /** Refused for what may be our fault: policy, reputation, content, authentication. */
  readonly policyRefusals: number;
  /** Skipped because the message could not be made, or broke a rule of mail. */
  readonly unmade: number;
  readonly complaints: number;
  /** In doubt within the last five minutes. */
  readonly inDoubt: number;
};

export type Verdict =
  | { readonly kind: "trip"; readonly breaker: keyof WindowCounts; readonly reason: string }
  | { readonly kind: "alarm"; readonly reason: string }
  | { readonly kind: "fine" };

/** A window ends after so many, so that a late wave is not hidden behind a long good time. */
export const windowSize = 5000;

/** [D30] Decides whether a mailing goes on. The gravest limit that is crossed gives the reason. */
export function judgeBreakers(counts: WindowCounts, limits: BreakerLimits): Verdict {
  if (counts.inDoubt > limits.inDoubt)
    return trip(
      "inDoubt",
      `${counts.inDoubt} deliveries came to be in doubt within five minutes (limit ${limits.inDoubt}).`,
    );
  const checks = [
    ["complaints", limits.complaints, "of recipients complained"],
    ["policyRefusals", limits.policyRefusals, "were refused for policy, reputation or content"],
    ["hardBounces", limits.hardBounces, "of addresses do not exist"],
    ["unmade", limits.unmade, "of messages could not be made"],
  ] as const;
  for (const [breaker, limit, words] of checks) {
    const all = breaker === "unmade" ? counts.tried + counts.unmade : counts.tried;
    if (all < limits.minimumSample || counts[breaker] <= limit * all) continue;
    return trip(
      breaker,
      `${percent(counts[breaker] / all)} ${words}: ${counts[breaker]} of ${all} (limit ${percent(limit)}).`,
    );
  }
  const { tried, complaints } = counts;
  if (tried >= limits.minimumSample && complaints > limits.complaintAlarm * tried)
    return {
      kind: "alarm",
      reason: `${percent(complaints / tried)} of recipients complained: ${complaints} of ${tried}.`,
    };
  return { kind: "fine" };
}

function trip(breaker: keyof WindowCounts, reason: string): Verdict {
  return { kind: "trip", breaker, reason };
}

const percent = (part: number): string => `${Number((part * 100).toFixed(2))} %`;
