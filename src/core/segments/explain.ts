import { unreachable } from "../kernel/unreachable.ts";
import type { Schema } from "./check-condition.ts";
import type { Condition, Rule } from "./condition.ts";
import type { Frame } from "./date-range.ts";
import { describeRule } from "./describe.ts";
import type { ContactFacts } from "./facts.ts";
import { countItems, fieldValue, interactionsOf, matchesRule } from "./matches.ts";

/** Why a contact is or is not meant: the condition's own tree, with a verdict on each part. */
export type Explanation = {
  readonly kind: "all" | "any" | "not" | "rule";
  readonly verdict: boolean;
  /** The rule in words; of a group: what it asks of its parts. */
  readonly words: string;
  /** What is known about the contact that decides the rule; null for groups. */
  readonly because: string | null;
  readonly of: readonly Explanation[];
};

/** Explains the verdict of `matches` on one contact. The verdicts are the same by construction of the tests. */
export function explain(
  condition: Condition,
  contact: ContactFacts,
  frame: Frame,
  schema: Schema,
): Explanation {
  const part = (each: Condition) => explain(each, contact, frame, schema);
  switch (condition.kind) {
    case "all": {
      const of = condition.of.map(part);
      const words = of.length === 0 ? "everyone" : "all of these";
      return { kind: "all", verdict: of.every(({ verdict }) => verdict), words, because: null, of };
    }
    case "any": {
      const of = condition.of.map(part);
      const words = of.length === 0 ? "nobody" : "at least one of these";
      return { kind: "any", verdict: of.some(({ verdict }) => verdict), words, because: null, of };
    }
    case "not": {
      const inner = part(condition.of);
      return { kind: "not", verdict: !inner.verdict, words: "not this", because: null, of: [inner] };
    }
    default:
      return {
        kind: "rule",
        verdict: matchesRule(condition, contact, frame),
        words: describeRule(condition, schema),
        because: evidence(condition, contact, frame),
        of: [],
      };
  }
}

function evidence(rule: Rule, contact: ContactFacts, frame: Frame): string {
  switch (rule.kind) {
    case "attribute":
      return `It is ${show(fieldValue(rule.field, contact))}.`;
    case "items":
      return `There are ${countItems(rule, contact, frame)}.`;
    case "topic":
      return contact.topicIds.includes(rule.topicId)
        ? "Consent stands."
        : "There is no consent, or it was withdrawn.";
    case "mailable":
      return contact.isMailable
        ? "Neither suppressed nor opted out."
        : "The address is suppressed, or opted out of all commercial mail.";
    case "segment":
      return contact.segmentIds.includes(rule.segmentId) ? "It is a member." : "It is no member.";
    case "interaction": {
      const found = interactionsOf(rule, contact, frame);
      const last = found.map(({ at }) => at.getTime()).sort((a, b) => b - a)[0];
      const times = found.length === 1 ? "once" : `${found.length} times`;
      return last === undefined
        ? "It never happened."
        : `It happened ${times}, last at ${new Date(last).toISOString()}.`;
    }
    case "journey": {
      const visit = contact.visits.find(({ journeyId }) => journeyId === rule.journeyId);
      if (!visit) return "It never entered.";
      return visit.isFinished ? `It left at tile ${visit.nodeId}.` : `It stands at tile ${visit.nodeId}.`;
    }
    default:
      return unreachable(rule);
  }
}

function show(value: unknown): string {
  if (value === undefined || value === null || value === "") return "empty";
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string") return `“${value}”`;
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
