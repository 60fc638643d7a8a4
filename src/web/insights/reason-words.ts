import { findBounceCategory } from "#core/delivery/bounce-categories.ts";

const known: Readonly<Record<string, string>> = {
  "no-consent": "No consent to the topic",
  "topic-withdrawn": "Unsubscribed from the topic",
  "opted-out": "Wants no marketing email",
  cancelled: "Sending was cancelled",
  expired: "Its time was over",
  late: "Late, and skipped by a person",
  unknown: "No reason given",
};

const outcomes = {
  refused: "Refused",
  skipped: "Skipped",
  "given-up": "Given up",
  "in-doubt": "In doubt",
  "bounced-later": "Bounced later",
} as const;

/** A reason as it is stored ("suppressed-hard-bounce") in words: "Suppressed: hard bounce". */
export function reasonWords(reason: string): string {
  const suppressed = /^suppressed-(.+)$/.exec(reason)?.[1];
  if (suppressed) return `Suppressed: ${suppressed.replaceAll("-", " ")}`;
  const words = known[reason] ?? findBounceCategory(reason)?.label ?? reason.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What became of a message, in words. */
export function outcomeWords(outcome: keyof typeof outcomes): string {
  return outcomes[outcome];
}
