/** Why a server refused a message. Only `isHard` ones say that the address itself is no good. */
export const bounceCategories = [
  "invalid-mailbox",
  "invalid-domain",
  "inactive-mailbox",
  "full-mailbox",
  "too-large",
  "relaying-denied",
  "authentication",
  "spam",
  "policy",
  "reputation",
  "protocol",
  "temporary",
  "expired",
  "unclassified",
] as const;
export type BounceCategory = (typeof bounceCategories)[number];

export type Bounce = { readonly category: BounceCategory; readonly isHard: boolean };

/** A hard bounce suppresses its address [C8]; everything that may be our fault or may pass must not. */
const hard: ReadonlySet<BounceCategory> = new Set(["invalid-mailbox", "invalid-domain", "inactive-mailbox"]);

/**
 * What people write beside or in place of a status. Looked at before the status, because many servers answer 550 5.1.1
 * or 5.7.1 to everything: a refusal of our reputation must never suppress the recipient. First match wins.
 */
const byText: readonly (readonly [RegExp, BounceCategory])[] = [
  [
    /\b(spamhaus|spamcop|barracuda|sorbs|uceprotect|rbl|dnsbl|black ?list(ed)?|block ?list(ed)?|poor reputation|bad reputation|ip (address )?(is )?(blocked|banned)|blocked using)\b/i,
    "reputation",
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
  [/\b(domain|host)\b.{0,30}\b(not found|does ?n[o']t exist|unknown)\b|\bno mx\b/i, "invalid-domain"],
];

/** RFC 3463 statuses without their class, as far as they say something about a refusal. */
const byStatus: Readonly<Record<string, BounceCategory>> = {
  "1.1": "invalid-mailbox",
  "1.2": "invalid-domain",
  "1.3": "invalid-mailbox",
  "1.6": "invalid-mailbox",
  "1.10": "invalid-domain",
  "2.1": "inactive-mailbox",
  "2.2": "full-mailbox",
  "2.3": "too-large",
  "3.4": "too-large",
  "4.7": "expired",
  "7.20": "authentication",
  "7.21": "authentication",
  "7.22": "authentication",
  "7.23": "authentication",
  "7.24": "authentication",
  "7.25": "reputation",
  "7.26": "authentication",
  "7.27": "invalid-domain",
};

/** RFC 5248 subjects: what a whole family of statuses is about. */
const bySubject: Readonly<Record<string, BounceCategory>> = { 5: "protocol", 6: "protocol", 7: "policy" };

/**
 * [D16] Says what a refusal means. `code` is the SMTP reply code, `enhanced` its RFC 3463 status. A 4xx is temporary whatever
 * its text says. What is not understood is `unclassified` and soft.
 */
export function classifyBounce(code: number, enhanced: string | null, text: string): Bounce {
  if (code < 500) return judged("temporary");
  const spoken = byText.find(([pattern]) => pattern.test(text))?.[1];
  const status = enhanced?.split(".").slice(1).join(".") ?? "";
  const stated = byStatus[status] ?? bySubject[status.split(".")[0] ?? ""];
  // A policy status with words about the mailbox is a directory that hides behind policy: not proof enough.
  if (stated === "policy" && spoken !== undefined && hard.has(spoken)) return judged("policy");
  if (code === 552 && spoken === undefined && stated === undefined) return judged("full-mailbox");
  return judged(spoken ?? stated ?? "unclassified");
}

function judged(category: BounceCategory): Bounce {
  return { category, isHard: hard.has(category) };
}
