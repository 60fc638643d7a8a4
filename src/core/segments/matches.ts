import { unreachable } from "../kernel/unreachable.ts";
import type { Condition, Count, InteractionRule, ItemCondition, Rule } from "./condition.ts";
import { type Frame, isWithin, resolveWindow } from "./date-range.ts";
import type { ContactFacts, InteractionFact, VisitFact } from "./facts.ts";
import { isTextColumn } from "./field.ts";
import { passesTest } from "./test-value.ts";

/** Says what a condition means for one contact. `to-sql.ts` must agree with this for every contact. */
export function matches(condition: Condition, contact: ContactFacts, frame: Frame): boolean {
  switch (condition.kind) {
    case "all":
      return condition.of.every((each) => matches(each, contact, frame));
    case "any":
      return condition.of.some((each) => matches(each, contact, frame));
    case "not":
      return !matches(condition.of, contact, frame);
    default:
      return matchesRule(condition, contact, frame);
  }
}

/** Says what one rule means for one contact. */
export function matchesRule(rule: Rule, contact: ContactFacts, frame: Frame): boolean {
  switch (rule.kind) {
    case "attribute":
      return passesTest(fieldValue(rule.field, contact), rule.test, frame);
    case "items":
      return isCount(countItems(rule, contact, frame), rule.count);
    case "topic":
      return contact.topicIds.includes(rule.topicId);
    case "mailable":
      return contact.isMailable;
    case "segment":
      return contact.segmentIds.includes(rule.segmentId);
    case "interaction":
      return isCount(interactionsOf(rule, contact, frame).length, rule.count);
    case "journey":
      return contact.visits.some((visit) => isVisit(visit, rule));
    default:
      return unreachable(rule);
  }
}

/** The value of a built-in column or a custom attribute; undefined if the contact has none. */
export function fieldValue(field: string, contact: ContactFacts): unknown {
  if (field === "created_at") return contact.createdAt;
  if (isTextColumn(field)) return contact.columns[field];
  return Object.hasOwn(contact.attributes, field) ? contact.attributes[field] : undefined;
}

/** The interactions that a rule counts. */
export function interactionsOf(
  rule: InteractionRule,
  contact: ContactFacts,
  frame: Frame,
): readonly InteractionFact[] {
  const range = resolveWindow(rule.window, frame);
  return contact.interactions.filter(
    (interaction) =>
      interaction.kind === rule.interaction &&
      (rule.messageId === undefined || interaction.messageId === rule.messageId) &&
      (rule.journeyId === undefined || interaction.journeyId === rule.journeyId) &&
      (rule.eventId === undefined || interaction.eventId === rule.eventId) &&
      (rule.link === undefined || interaction.links.includes(rule.link)) &&
      (rule.machines === true || !interaction.isMachine) &&
      isWithin(interaction.at, range),
  );
}

/** How many objects of a list attribute meet the rule's condition; anything but a list has none. */
export function countItems(
  rule: Extract<Rule, { kind: "items" }>,
  contact: ContactFacts,
  frame: Frame,
): number {
  const list = fieldValue(rule.field, contact);
  if (!Array.isArray(list)) return 0;
  return list.filter((item: unknown) => itemMatches(rule.where, item, frame)).length;
}

function itemMatches(condition: ItemCondition, item: unknown, frame: Frame): boolean {
  switch (condition.kind) {
    case "all":
      return condition.of.every((each) => itemMatches(each, item, frame));
    case "any":
      return condition.of.some((each) => itemMatches(each, item, frame));
    case "not":
      return !itemMatches(condition.of, item, frame);
    case "attribute":
      return passesTest(fieldOfItem(item, condition.field), condition.test, frame);
    default:
      return unreachable(condition);
  }
}

function fieldOfItem(item: unknown, field: string): unknown {
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
  return Object.getOwnPropertyDescriptor(item, field)?.value;
}

function isCount(found: number, { operator, value }: Count): boolean {
  switch (operator) {
    case "at-least":
      return found >= value;
    case "at-most":
      return found <= value;
    case "exactly":
      return found === value;
    default:
      return unreachable(operator);
  }
}

function isVisit(visit: VisitFact, rule: Extract<Rule, { kind: "journey" }>): boolean {
  if (visit.journeyId !== rule.journeyId) return false;
  if (rule.state === "in") {
    return !visit.isFinished && (rule.nodeId === undefined || visit.nodeId === rule.nodeId);
  }
  if (rule.state === "finished" && !visit.isFinished) return false;
  return rule.nodeId === undefined || visit.passedNodeIds.includes(rule.nodeId);
}
