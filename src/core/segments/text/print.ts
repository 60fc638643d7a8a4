import { unreachable } from "../../kernel/unreachable.ts";
import type { Condition, Count, Day, InteractionRule, Rule, Test, TimeWindow } from "../condition.ts";
import type { Catalog, ReferenceKind } from "../references.ts";
import { interactionWord, journeyWords, reservedWords, subjectOf } from "./words.ts";

const comfortableWidth = 100;

/**
 * Writes a condition as text that `parseCondition` reads back to the very same condition.
 * What it refers to is written by name where that name is unique, else by id.
 */
export function printCondition(condition: Condition, catalog: Catalog): string {
  const whole = print(condition, catalog);
  if (whole.length <= comfortableWidth || !isInfix(condition)) return whole;
  const parts = condition.of.map((each) => printPart(each, catalog));
  return parts.join(condition.kind === "all" ? "\nand " : "\nor ");
}

type InfixGroup = { readonly kind: "all" | "any"; readonly of: readonly Condition[] };

function isInfix(condition: Condition): condition is InfixGroup {
  return (condition.kind === "all" || condition.kind === "any") && condition.of.length > 1;
}

function print(condition: Condition, catalog: Catalog): string {
  switch (condition.kind) {
    case "all":
    case "any": {
      if (condition.of.length === 0) return condition.kind === "all" ? "everyone" : "nobody";
      const parts = condition.of.map((each) => printPart(each, catalog));
      if (parts.length === 1) return `${condition.kind}(${parts[0]})`;
      return parts.join(condition.kind === "all" ? " and " : " or ");
    }
    case "not":
      return printNot(condition.of, catalog);
    default:
      return printRule(condition, catalog);
  }
}

function printPart(condition: Condition, catalog: Catalog): string {
  const text = print(condition, catalog);
  return isInfix(condition) ? `(${text})` : text;
}

function printNot(inner: Condition, catalog: Catalog): string {
  if (inner.kind === "attribute" && inner.test.operator === "equals")
    return `${printField(inner.field)} != ${printValue(inner.test.value)}`;
  if (inner.kind === "attribute" && inner.test.operator === "is-empty")
    return `${printField(inner.field)} is not empty`;
  return `not ${printPart(inner, catalog)}`;
}

function printRule(rule: Rule, catalog: Catalog): string {
  const name = (kind: ReferenceKind, id: string) => printReference(kind, id, catalog);
  switch (rule.kind) {
    case "attribute":
      return `${printField(rule.field)} ${printTest(rule.test)}`;
    case "items": {
      const isAnyItem = rule.where.kind === "all" && rule.where.of.length === 0;
      const where = isAnyItem ? "" : ` where ${print(rule.where, catalog)}`;
      const comparison = { "at-least": ">=", "at-most": "<=", exactly: "=" }[rule.count.operator];
      return `count(${printField(rule.field)}${where}) ${comparison} ${rule.count.value}`;
    }
    case "topic":
      return `subscribed(${name("topic", rule.topicId)})`;
    case "mailable":
      return "mailable";
    case "segment":
      return `in_segment(${name("segment", rule.segmentId)})`;
    case "interaction":
      return printInteraction(rule, name);
    case "journey": {
      const tile = rule.nodeId === undefined ? "" : `, tile ${printValue(rule.nodeId)}`;
      return `${journeyWords[rule.state]}(${name("journey", rule.journeyId)}${tile})`;
    }
    default:
      return unreachable(rule);
  }
}

function printTest(test: Test): string {
  switch (test.operator) {
    case "equals":
      return `= ${printValue(test.value)}`;
    case "contains":
    case "starts-with":
    case "ends-with":
      return `${spaced(test.operator)} ${printValue(test.value)}`;
    case "one-of":
      return `in (${test.values.map(printValue).join(", ")})`;
    case "less":
      return `< ${test.value}`;
    case "at-most":
      return `<= ${test.value}`;
    case "greater":
      return `> ${test.value}`;
    case "at-least":
      return `>= ${test.value}`;
    case "between":
      return `between ${test.from} and ${test.to}`;
    case "on":
    case "before":
    case "after":
      return `${test.operator} ${printDay(test.day)}`;
    case "between-days":
      return `between ${printDay(test.from)} and ${printDay(test.to)}`;
    case "in-last-days":
      return `in last ${printAmount(test.days, "day")}`;
    case "in-next-days":
      return `in next ${printAmount(test.days, "day")}`;
    case "has-any":
    case "has-all":
      return `${spaced(test.operator)} (${test.values.map(printValue).join(", ")})`;
    case "is-empty":
      return "is empty";
    default:
      return unreachable(test);
  }
}

function printInteraction(rule: InteractionRule, name: (kind: ReferenceKind, id: string) => string): string {
  const custom = rule.interaction.startsWith("x:") ? rule.interaction.slice(2) : undefined;
  const subject = subjectOf(rule.interaction);
  const parts: string[] = custom === undefined ? [] : [printValue(custom)];
  if (rule.messageId !== undefined)
    parts.push(`${subject === "message" ? "" : "message "}${name("message", rule.messageId)}`);
  if (rule.eventId !== undefined)
    parts.push(`${subject === "event" ? "" : "event "}${name("event", rule.eventId)}`);
  if (rule.journeyId !== undefined) parts.push(`journey ${name("journey", rule.journeyId)}`);
  if (rule.link !== undefined) parts.push(`link ${printValue(rule.link)}`);
  parts.push(...printCount(rule.count), ...printWindow(rule.window));
  if (rule.machines) parts.push("including machines");
  return `${custom === undefined ? interactionWord(rule.interaction) : "did"}(${parts.join(", ")})`;
}

function printCount({ operator, value }: Count): string[] {
  if (operator === "at-least" && value === 1) return [];
  return [`${spaced(operator)} ${printAmount(value, "time")}`];
}

function printWindow(window: TimeWindow): string[] {
  switch (window.kind) {
    case "ever":
      return [];
    case "last":
      return [`last ${printAmount(window.amount, window.unit === "days" ? "day" : "hour")}`];
    case "between":
      return [`between ${printDay(window.from)} and ${printDay(window.to)}`];
    default:
      return unreachable(window);
  }
}

function printDay(day: Day): string {
  if ("date" in day) return day.date;
  if (day.daysFromToday === 0) return "today";
  const amount = printAmount(Math.abs(day.daysFromToday), "day");
  return day.daysFromToday < 0 ? `${amount} ago` : `${amount} from now`;
}

function printAmount(amount: number, unit: string): string {
  return `${amount} ${amount === 1 ? unit : `${unit}s`}`;
}

function printReference(kind: ReferenceKind, id: string, catalog: Catalog): string {
  const name = catalog[kind].find((each) => each.id === id)?.name;
  const isUnique = catalog[kind].filter((each) => each.name === name).length === 1;
  return name !== undefined && isUnique ? printValue(name) : id;
}

function printField(field: string): string {
  return reservedWords.includes(field.toLowerCase()) ? `\`${field}\`` : field;
}

function printValue(value: string | number | boolean): string {
  return JSON.stringify(value);
}

function spaced(operator: string): string {
  return operator.replaceAll("-", " ");
}
