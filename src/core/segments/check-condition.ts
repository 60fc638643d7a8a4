import { unreachable } from "../kernel/unreachable.ts";
import type { Condition, Day, InteractionRule, ItemCondition, Rule, Test } from "./condition.ts";
import type { Field, FieldType } from "./field.ts";
import { nearest } from "./nearest.ts";
import { type Catalog, referencesOfRule } from "./references.ts";

/** What a condition is checked against. `fields` are all there are, built-in ones included. */
export type Schema = { readonly fields: readonly Field[]; readonly catalog: Catalog };

/** Why a condition cannot be used, and where. All of them block: a rule that means nothing must not choose people. */
export type ConditionProblem = {
  readonly code: string;
  readonly message: string;
  readonly suggestion: string | null;
  /** Keys from the condition's root to the rule: ["of", 1]. */
  readonly path: readonly (string | number)[];
  /** The rule itself, by which the text face finds line and column. */
  readonly rule: object;
};

type Trouble = Pick<ConditionProblem, "code" | "message" | "suggestion">;

/** Finds all that is wrong with a condition, given the fields and things that exist. Empty: it can be used. */
export function checkCondition(condition: Condition, schema: Schema): readonly ConditionProblem[] {
  return checkAt(condition, [], schema);
}

function checkAt(
  condition: Condition,
  path: readonly (string | number)[],
  schema: Schema,
): readonly ConditionProblem[] {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.flatMap((each, index) => checkAt(each, [...path, "of", index], schema));
    case "not":
      return checkAt(condition.of, [...path, "of"], schema);
    default:
      return [...checkRule(condition, schema), ...checkReferences(condition, schema)].map((trouble) => ({
        ...trouble,
        path,
        rule: condition,
      }));
  }
}

function checkRule(rule: Rule, schema: Schema): readonly Trouble[] {
  switch (rule.kind) {
    case "attribute":
      return checkAttribute(rule.field, rule.test, schema);
    case "items": {
      const field = schema.fields.find(({ key }) => key === rule.field);
      if (field && field.type !== "list")
        return [trouble("segment.not-a-list", `${field.label} is no list, so it has nothing to count.`)];
      return [...(field ? [] : [unknownField(rule.field, schema)]), ...checkItems(rule.where)];
    }
    case "interaction":
      return checkInteraction(rule);
    case "topic":
    case "mailable":
    case "segment":
    case "journey":
      return [];
    default:
      return unreachable(rule);
  }
}

function checkAttribute(key: string, test: Test, schema: Schema): readonly Trouble[] {
  const field = schema.fields.find((each) => each.key === key);
  if (!field) return [unknownField(key, schema)];
  if (!suits(test, field.type)) {
    const message = `${field.label} is ${typeNames[field.type]}, which cannot be tested like this.`;
    return [trouble("segment.wrong-type", message, `Use ${operatorNames[field.type]}`)];
  }
  return [...checkChoices(field, test), ...checkOrder(test)];
}

function unknownField(key: string, { fields }: Schema): Trouble {
  const meant = nearest(
    key,
    fields.map((field) => field.key),
  );
  const suggestion = meant === undefined ? null : `Did you mean ${meant}?`;
  return trouble("segment.unknown-field", `Contacts have no field ${key}.`, suggestion);
}

/** True if a test can be true of values of a type. */
export function suits(test: Test, type: FieldType): boolean {
  if (test.operator === "is-empty") return true;
  switch (type) {
    case "text":
      return isTextTest(test);
    case "choice":
      return (
        (isTextTest(test) && (test.operator === "equals" || test.operator === "one-of")) || isChoiceTest(test)
      );
    case "choices":
      return isChoiceTest(test);
    case "number":
      if (test.operator === "equals") return typeof test.value === "number";
      return ["less", "at-most", "greater", "at-least", "between"].includes(test.operator);
    case "boolean":
      return test.operator === "equals" && typeof test.value === "boolean";
    case "date":
    case "datetime":
      return ["on", "before", "after", "between-days", "in-last-days", "in-next-days"].includes(
        test.operator,
      );
    case "list":
      return false;
    default:
      return unreachable(type);
  }
}

function isTextTest(test: Test): boolean {
  if (test.operator === "equals") return typeof test.value === "string";
  return ["contains", "starts-with", "ends-with", "one-of"].includes(test.operator);
}

function isChoiceTest(test: Test): boolean {
  return test.operator === "has-any" || test.operator === "has-all";
}

function checkChoices(field: Field, test: Test): readonly Trouble[] {
  if (field.type !== "choice" && field.type !== "choices") return [];
  const asked = "values" in test ? test.values : test.operator === "equals" ? [String(test.value)] : [];
  return asked
    .filter((value) => !field.choices.includes(value))
    .map((value) => {
      const meant = nearest(value, field.choices);
      const list = field.choices.map((choice) => JSON.stringify(choice)).join(", ");
      const suggestion =
        meant === undefined ? `Choose from ${list}` : `Did you mean ${JSON.stringify(meant)}?`;
      return trouble(
        "segment.unknown-choice",
        `${field.label} has no choice ${JSON.stringify(value)}.`,
        suggestion,
      );
    });
}

/** A range whose end is before its start holds nothing, which nobody means. */
function checkOrder(test: Test): readonly Trouble[] {
  const isReversed =
    (test.operator === "between" && test.from > test.to) ||
    (test.operator === "between-days" && isReversedDays(test.from, test.to));
  return isReversed ? [reversed] : [];
}

const reversed = {
  code: "segment.reversed-range",
  message: "This range ends before it begins.",
  suggestion: "Swap the two ends",
};

/** Only days counted in the same way can be compared without a clock. */
function isReversedDays(from: Day, to: Day): boolean {
  if ("date" in from) return "date" in to && from.date > to.date;
  return "daysFromToday" in to && from.daysFromToday > to.daysFromToday;
}

function checkItems(where: ItemCondition): readonly Trouble[] {
  switch (where.kind) {
    case "all":
    case "any":
      return where.of.flatMap(checkItems);
    case "not":
      return checkItems(where.of);
    case "attribute":
      return checkOrder(where.test);
    default:
      return unreachable(where);
  }
}

function checkInteraction(rule: InteractionRule): readonly Trouble[] {
  const found: Trouble[] = [];
  const { window, interaction } = rule;
  if (window.kind === "between" && isReversedDays(window.from, window.to)) found.push(reversed);
  if (rule.link !== undefined && interaction !== "click")
    found.push(trouble("segment.link-without-click", "Only clicks have a link.", "Leave the link out"));
  if (rule.eventId !== undefined && ["received", "open", "click", "view", "bounce"].includes(interaction))
    found.push(
      trouble(
        "segment.event-without-page",
        "Mail is about a message, not about an event.",
        "Name the message instead",
      ),
    );
  if (rule.machines && interaction === "received")
    found.push(
      trouble(
        "segment.machines-without-hit",
        "Receiving is not something that machines do by themselves.",
        "Leave including machines out",
      ),
    );
  return found;
}

/** What was deleted since the rule was written must not silently match nobody, or everybody under a "not". */
function checkReferences(rule: Rule, { catalog }: Schema): readonly Trouble[] {
  return referencesOfRule(rule)
    .filter(({ kind, id }) => !catalog[kind].some((each) => each.id === id))
    .map(({ kind, id }) =>
      trouble("segment.unknown-reference", `There is no ${kind} ${id} (any more).`, "Choose another one"),
    );
}

function trouble(code: string, message: string, suggestion: string | null = null): Trouble {
  return { code, message, suggestion };
}

const typeNames: { readonly [type in FieldType]: string } = {
  text: "a text",
  number: "a number",
  boolean: "yes or no",
  date: "a date",
  datetime: "a moment",
  choice: "one of several choices",
  choices: "a set of choices",
  list: "a list",
};

const dateOperators = "on, before, after, between, in last … days or is empty";
const operatorNames: { readonly [type in FieldType]: string } = {
  text: '= "…", contains, starts with, ends with, in ( … ) or is empty',
  number: "=, <, <=, >, >=, between or is empty, with a number",
  boolean: "= true, = false or is empty",
  date: dateOperators,
  datetime: dateOperators,
  choice: '= "…", in ( … ) or is empty',
  choices: "has any ( … ), has all ( … ) or is empty",
  list: "is empty, or count( … )",
};
