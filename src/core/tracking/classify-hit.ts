import type { Hit } from "./hit.ts";
import { imageProxies, scannerNames } from "./machine-names.ts";
import { burstLinks, burstSeconds, crowdRecipients, crowdSeconds } from "./surroundings.ts";

/** Raised with every change of a rule, and part of the evidence, so that old hits can be judged again and told apart. */
export const classifierVersion = 2;

/** A hit sooner than this after the other server took the message is a gateway looking into it. */
export const soonestHumanSeconds = 2;

/** What is known around a hit when it is judged. */
export type HitFacts = {
  /** The user agent is in a list of crawlers (a weak sign, so it comes last). */
  readonly isListedBot: boolean;
  /** The network of scanners that the address is in, as it is listed in the settings. */
  readonly network: string | undefined;
  /** When the other server accepted the message, in milliseconds since 1970; null while unknown. */
  readonly acceptedAt: number | null;
  /** How many different links of the delivery were followed in the burst that this is part of. */
  readonly burst: number;
  /** How many recipients' links the same visitor followed around then. */
  readonly crowd: number;
  /** The hidden link was followed by the same visitor, or right beside this hit. */
  readonly isByTrap: boolean;
};

export type Judgement = {
  readonly agent: "human" | "machine";
  /** Why, as `v2 rule: detail`. Null: nothing spoke against a person. */
  readonly evidence: string | null;
};

type Verdict = { readonly agent: Judgement["agent"]; readonly why: string };
/** A rule speaks or does not. */
type Rule = (hit: Hit, facts: HitFacts, userAgent: string) => Verdict | undefined;

const machine = (why: string): Verdict => ({ agent: "machine", why });

/** [T20] to [T27] and [T52] to [T54] in docs/spec/tracking.md, in the order in which they are tried; the first that speaks decides. */
const rules: readonly Rule[] = [
  ({ method }) => (method === "GET" ? undefined : machine(`method: ${method}`)),
  ({ prefetch }) => (prefetch === undefined ? undefined : machine(`prefetch: ${prefetch}`)),
  ({ kind }) => (kind === "trap" ? machine("hidden-link") : undefined),
  (_hit, { network }) => (network === undefined ? undefined : machine(`network: ${network}`)),
  ({ at }, { acceptedAt }) => {
    const delay = acceptedAt === null ? Number.POSITIVE_INFINITY : at - acceptedAt;
    return delay < soonestHumanSeconds * 1000
      ? machine(`too-soon: ${Math.round(delay)} ms after acceptance`)
      : undefined;
  },
  ({ kind }, _facts, userAgent) => {
    const proxy = kind === "open" && imageProxies.find((name) => userAgent.includes(name));
    return proxy ? { agent: "human", why: `image-proxy: ${proxy}` } : undefined;
  },
  ({ kind }, _facts, userAgent) =>
    kind === "open" && userAgent === "mozilla/5.0" ? machine("mail-privacy-proxy") : undefined,
  (_hit, _facts, userAgent) => (userAgent === "" ? machine("no-user-agent") : undefined),
  (_hit, _facts, userAgent) => {
    const scanner = scannerNames.find((name) => userAgent.includes(name));
    return scanner && machine(`scanner: ${scanner}`);
  },
  (_hit, { isByTrap }) => (isByTrap ? machine("followed-hidden-link") : undefined),
  ({ kind }, { burst }) =>
    kind === "click" && burst >= burstLinks
      ? machine(`burst: ${burst} links in ${burstSeconds} s`)
      : undefined,
  ({ kind }, { crowd }) =>
    kind === "click" && crowd >= crowdRecipients
      ? machine(`crowd: ${crowd} recipients in ${crowdSeconds} s`)
      : undefined,
  (_hit, { isListedBot }) => (isListedBot ? machine("listed-bot") : undefined),
];

/** Says whether a person or a machine did it, and on what evidence. Whoever unsubscribes by a form is a person. */
export function classifyHit(hit: Hit, facts: HitFacts): Judgement {
  if (hit.kind === "unsubscribe") return { agent: "human", evidence: null };
  const userAgent = hit.userAgent.toLowerCase().trim();
  for (const rule of rules) {
    const verdict = rule(hit, facts, userAgent);
    if (verdict) return { agent: verdict.agent, evidence: `v${classifierVersion} ${verdict.why}` };
  }
  return { agent: "human", evidence: null };
}

/** True if two judgements say the same for the same reason, whatever version of the rules they came from. */
export function isSameJudgement(one: Judgement, other: Judgement): boolean {
  const reason = ({ evidence }: Judgement) => evidence?.replace(/^v\d+ /, "") ?? "";
  return one.agent === other.agent && reason(one) === reason(other);
}
