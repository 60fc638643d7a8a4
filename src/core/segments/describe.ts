import { unreachable } from "../kernel/unreachable.ts";
import type { Schema } from "./check-condition.ts";
import type {
  Condition,
  Count,
  Day,
  InteractionRule,
  ItemCondition,
  Rule,
  Test,
  TimeWindow,
} from "./condition.ts";
import type { ReferenceKind } from "./references.ts";

/** Says a condition in words, for people who read neither its text nor its JSON: "City is “Bonn” and did not click “Invite”". */
export function describeCondition(condition: Condition, schema: Schema): string {
  switch (condition.kind) {
    case "all":
      return joined(condition.of, " and ", "everyone", (each) => describeCondition(each, schema));
    case "any":
      return joined(condition.of, " or ", "nobody", (each) => describeCondition(each, schema));
    case "not":
      return describeNot(condition.of, schema);
    default:
      return describeRule(condition, schema, false);
  }
}

function describeNot(inner: Condition, schema: Schema): string {
  switch (inner.kind) {
    case "all":
    case "any":
    case "not":
      return `not (${describeCondition(inner, schema)})`;
    default:
      return describeRule(inner, schema, true);
  }
}

function joined<Part extends { readonly kind: string }>(
  parts: readonly Part[],
  glue: string,
  ofNone: string,
  describe: (part: Part) => string,
): string {
  if (parts.length === 0) return ofNone;
  const isGroup = ({ kind }: Part) => kind === "all" || kind === "any";
  return parts
    .map((part) => (isGroup(part) && parts.length > 1 ? `(${describe(part)})` : describe(part)))
    .join(glue);
}

/** Says one rule, or its opposite, in words. */
export function describeRule(rule: Rule, schema: Schema, isNegated = false): string {
  const not = isNegated ? "not " : "";
  const name = (kind: ReferenceKind, id: string) => nameOf(kind, id, schema);
  switch (rule.kind) {
    case "attribute":
      return `${labelOf(rule.field, schema)} ${describeTest(rule.test, isNegated)}`;
    case "items":
      return `${not}${describeCount(rule.count, "item")} of ${labelOf(rule.field, schema)}${describeWhere(rule.where)}`;
    case "topic":
      return `is ${not}subscribed to ${name("topic", rule.topicId)}`;
    case "mailable":
      return isNegated ? "must not be mailed" : "may be mailed";
    case "segment":
      return `is ${not}in the segment ${name("segment", rule.segmentId)}`;
    case "interaction":
      return describeInteraction(rule, name, isNegated);
    case "journey":
      return `${journeyVerbs[rule.state][isNegated ? "no" : "yes"]} the journey ${name("journey", rule.journeyId)}${rule.nodeId === undefined ? "" : ` ${rule.state === "in" ? "at" : "and passed"} tile ${rule.nodeId}`}`;
    default:
      return unreachable(rule);
  }
}

const journeyVerbs = {
  in: { yes: "is in", no: "is not in" },
  entered: { yes: "has entered", no: "has not entered" },
  finished: { yes: "has finished", no: "has not finished" },
} as const;

function describeTest(test: Test, isNegated: boolean): string {
  const is = isNegated ? "is not" : "is";
  switch (test.operator) {
    case "equals":
      if (typeof test.value === "boolean") return `${is} ${test.value ? "yes" : "no"}`;
      return `${is} ${show(test.value)}`;
    case "contains":
      return `${isNegated ? "does not contain" : "contains"} ${show(test.value)}`;
    case "starts-with":
      return `${isNegated ? "does not start" : "starts"} with ${show(test.value)}`;
    case "ends-with":
      return `${isNegated ? "does not end" : "ends"} with ${show(test.value)}`;
    case "one-of":
      return `${is} ${test.values.map(show).join(" or ")}`;
    case "less":
      return `${is} less than ${test.value}`;
    case "at-most":
      return `${is} at most ${test.value}`;
    case "greater":
      return `${is} more than ${test.value}`;
    case "at-least":
      return `${is} at least ${test.value}`;
    case "between":
      return `${is} between ${test.from} and ${test.to}`;
    case "on":
    case "before":
    case "after":
      return `${is} ${test.operator} ${describeDay(test.day)}`;
    case "between-days":
      return `${is} between ${describeDay(test.from)} and ${describeDay(test.to)}`;
    case "in-last-days":
      return `${is} in the last ${amountOf(test.days, "day")}`;
    case "in-next-days":
      return `${is} in the next ${amountOf(test.days, "day")}`;
    case "has-any":
      return `${isNegated ? "has none of" : "has"} ${test.values.map(show).join(isNegated ? ", " : " or ")}`;
    case "has-all":
      return `${isNegated ? "does not have all of" : "has"} ${test.values.map(show).join(isNegated ? ", " : " and ")}`;
    case "is-empty":
      return `${is} empty`;
    default:
      return unreachable(test);
  }
}

function describeWhere(where: ItemCondition): string {
  return where.kind === "all" && where.of.length === 0 ? "" : ` where ${describeItem(where)}`;
}

function describeItem(where: ItemCondition): string {
  switch (where.kind) {
    case "all":
      return joined(where.of, " and ", "anything", describeItem);
    case "any":
      return joined(where.of, " or ", "nothing", describeItem);
    case "not":
      return `not (${describeItem(where.of)})`;
    case "attribute":
      return `${where.field} ${describeTest(where.test, false)}`;
    default:
      return unreachable(where);
  }
}

const verbs: Readonly<Record<string, readonly [did: string, didNot: string]>> = {
  received: ["received", "did not receive"],
  open: ["opened", "did not open"],
  click: ["clicked", "did not click"],
  view: ["viewed in the browser", "did not view in the browser"],
  forward: ["forwarded", "did not forward"],
  unsubscribe: ["unsubscribed by", "did not unsubscribe by"],
  bounce: ["bounced", "did not bounce"],
  complaint: ["complained about", "did not complain about"],
  registered: ["registered for", "did not register for"],
  "registration-cancelled": ["cancelled the registration for", "did not cancel the registration for"],
  "form-submitted": ["submitted a form", "did not submit a form"],
};

function describeInteraction(
  rule: InteractionRule,
  name: (kind: ReferenceKind, id: string) => string,
  isNegated: boolean,
): string {
  const custom = rule.interaction.slice(2);
  const [did, didNot] = verbs[rule.interaction] ?? [`did “${custom}”`, `did not do “${custom}”`];
  const parts = [isNegated ? didNot : did];
  if (rule.link !== undefined) parts.push(`the link ${show(rule.link)} in`);
  if (rule.messageId !== undefined) parts.push(name("message", rule.messageId));
  if (rule.eventId !== undefined) parts.push(name("event", rule.eventId));
  if (rule.messageId === undefined && rule.eventId === undefined && !/^(x:|form)/.test(rule.interaction))
    parts.push(rule.interaction.startsWith("regist") ? "any event" : "any message");
  if (rule.journeyId !== undefined) parts.push(`in the journey ${name("journey", rule.journeyId)}`);
  if (rule.count.operator !== "at-least" || rule.count.value !== 1)
    parts.push(describeCount(rule.count, "time"));
  parts.push(...describeWindow(rule.window));
  if (rule.machines) parts.push("(machines count too)");
  return parts.join(" ");
}

function describeCount({ operator, value }: Count, unit: string): string {
  return `${operator.replace("-", " ")} ${amountOf(value, unit)}`;
}

function describeWindow(window: TimeWindow): string[] {
  switch (window.kind) {
    case "ever":
      return [];
    case "last":
      return [`in the last ${amountOf(window.amount, window.unit.slice(0, -1))}`];
    case "between":
      return [`between ${describeDay(window.from)} and ${describeDay(window.to)}`];
    default:
      return unreachable(window);
  }
}

function describeDay(day: Day): string {
  if ("date" in day) return day.date;
  if (day.daysFromToday === 0) return "today";
  const amount = amountOf(Math.abs(day.daysFromToday), "day");
  return day.daysFromToday < 0 ? `${amount} ago` : `${amount} from now`;
}

function amountOf(amount: number, unit: string): string {
  return `${amount} ${amount === 1 ? unit : `${unit}s`}`;
}

function labelOf(key: string, { fields }: Schema): string {
  return fields.find((field) => field.key === key)?.label ?? key;
}

function nameOf(kind: ReferenceKind, id: string, { catalog }: Schema): string {
  const name = catalog[kind].find((each) => each.id === id)?.name;
  return name === undefined ? id : `“${name}”`;
}

function show(value: string | number): string {
  return typeof value === "string" ? `“${value}”` : String(value);
}
