import { type BounceCategory, policyOf } from "./bounce-categories.ts";

export type Bounce = { readonly category: BounceCategory; readonly isHard: boolean };

/**
 * What people write beside or in place of a status. Looked at before the status, because many servers answer 550 5.1.1
 * or 5.7.1 to everything: a refusal of our reputation must never suppress the recipient. First match wins.
 */
const byText: readonly (readonly [RegExp, BounceCategory])[] = [
  [
    /\b(spamhaus|spamcop|barracuda|sorbs|uceprotect|rbl|dnsbl|black ?list(ed)?|block ?list(ed)?|poor reputation|bad reputation|ip (address )?(is )?(blocked|banned)|blocked using)\b/i,
    "reputation",
  ],
  [
    /\b(rate.?limit(ed|s)?|too many (messages|connections|emails)|sending rate|receiving mail (at a rate|too quickly)|throttl(ed|ing)|try again later, too)\b/i,
    "rate-limited",
  ],
  [/\b(dmarc|dkim|spf|sender policy framework|unauthenticated)\b/i, "authentication"],
  [/\b(spam|junk|bulk mail|phish(ing)?|virus|malware|content (rejected|filter))\b/i, "spam"],
  [
    /\brelay(ing)? (access )?(is )?(denied|not permitted|not allowed|prohibited)\b|\bunable to relay\b/i,
    "relaying-denied",
  ],
  [
    /\b(mailbox|quota|inbox)\b.{0,40}\b(full|exceeded)\b|\bover (its |the )?quota\b|\bquota exceeded\b|\bout of storage\b/i,
    "full-mailbox",
  ],
  [
    /\b(account|mailbox|user|recipient)\b.{0,40}\b(disabled|inactive|suspended|deactivated|discontinued|no longer active)\b/i,
    "inactive-mailbox",
  ],
  [
    /\b(no such (user|mailbox|recipient|address|person)|(user|mailbox|recipient|address|account|alias)( address| name)?\b.{0,30}\b(unknown|not found|does ?n[o']t exist|not exist|invalid|unavailable or not local|rejected: undeliverable)|unknown (user|recipient|mailbox|local.part)|invalid (recipient|mailbox)|not a (valid|known) (user|mailbox|recipient)|no mailbox here)\b/i,
    "invalid-mailbox",
  ],
  [
    /\b(domain|host)\b.{0,30}\b(not found|does ?n[o']t exist|unknown)\b|\bno mx\b|\bpoint to non-?existent hosts?\b/i,
    "invalid-domain",
  ],
];

/** RFC 3463 and RFC 5248 statuses without their class, as far as they say something about a refusal. */
const byStatus: Readonly<Record<string, BounceCategory>> = {
  "1.1": "invalid-mailbox",
  "1.2": "invalid-domain",
  "1.3": "invalid-mailbox",
  "1.6": "invalid-mailbox",
  "1.7": "authentication",
  "1.8": "authentication",
  "1.10": "invalid-domain",
  "2.1": "inactive-mailbox",
  "2.2": "full-mailbox",
  "2.3": "too-large",
  "3.1": "temporary",
  "3.2": "temporary",
  "3.3": "protocol",
  "3.4": "too-large",
  "3.5": "routing",
  "4.5": "temporary",
  "4.7": "expired",
  "5.4": "protocol",
  "7.20": "authentication",
  "7.21": "authentication",
  "7.22": "authentication",
  "7.23": "authentication",
  "7.24": "authentication",
  "7.25": "reputation",
  "7.26": "authentication",
  "7.27": "authentication",
  "7.28": "rate-limited",
  "7.29": "authentication",
};

/** What a whole family of statuses is about. */
const bySubject: Readonly<Record<string, BounceCategory>> = {
  4: "routing",
  5: "protocol",
  6: "protocol",
  7: "policy",
};

/**
 * [D16] Says what a refusal means. `code` is the SMTP reply code, `enhanced` its RFC 3463 status. A 4xx is temporary whatever
 * its text says. What is not understood is `unclassified` and soft.
 */
export function classifyBounce(code: number, enhanced: string | null, text: string): Bounce {
  if (code < 500) return judged("temporary");
  return judged(categoryOf(code, enhanced, text));
}

/**
 * [D40] Says what a report of failure means that came back by mail or from a provider. A status of class 4 was given up by
 * somebody on the way: that never proves that the address is no good.
 */
export function classifyReport(enhanced: string | null, text: string): Bounce {
  const code = Number(/(?:^|[^\d.-])([45]\d\d)[ -]/.exec(text)?.[1] ?? 550);
  const category = categoryOf(code, enhanced, text);
  const isPassing = enhanced === null ? code < 500 : enhanced.startsWith("4.");
  if (!isPassing) return judged(category);
  return judged(policyOf(category) === "at-once" || category === "unclassified" ? "expired" : category);
}

function categoryOf(code: number, enhanced: string | null, text: string): BounceCategory {
  const spoken = byText.find(([pattern]) => pattern.test(text))?.[1];
  const status = enhanced?.split(".").slice(1).join(".") ?? "";
  const subject = status.split(".")[0] ?? "";
  const stated = byStatus[status] ?? bySubject[subject];
  // A policy status with words about the mailbox is a directory that hides behind policy: not proof enough.
  if (subject === "7" && spoken !== undefined && policyOf(spoken) === "at-once") return stated ?? "policy";
  if (code === 552 && spoken === undefined && stated === undefined) return "full-mailbox";
  return spoken ?? stated ?? "unclassified";
}

function judged(category: BounceCategory): Bounce {
  return { category, isHard: policyOf(category) === "at-once" };
}
