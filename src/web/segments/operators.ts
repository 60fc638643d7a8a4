import { suits } from "#core/segments/check-condition.ts";
import type { Test } from "#core/segments/condition.ts";
import type { Field, FieldType } from "#core/segments/field.ts";

/** A way to ask about a value, as the builder offers it: "is", "is not", "contains" … with a test to begin with. */
export type Operator = {
  readonly key: string;
  readonly label: string;
  readonly operator: Test["operator"];
  readonly isNegated: boolean;
  readonly first: Test;
};

const today = { daysFromToday: 0 };
const lastMonth = { daysFromToday: -30 };

type Offer = readonly [label: string, negated: string | null, first: Test];

const text: readonly Offer[] = [
  ["is", "is not", { operator: "equals", value: "" }],
  ["is one of", "is none of", { operator: "one-of", values: [] }],
  ["contains", "does not contain", { operator: "contains", value: "" }],
  ["starts with", "does not start with", { operator: "starts-with", value: "" }],
  ["ends with", "does not end with", { operator: "ends-with", value: "" }],
];
const number: readonly Offer[] = [
  ["is", "is not", { operator: "equals", value: 0 }],
  ["is less than", null, { operator: "less", value: 0 }],
  ["is at most", null, { operator: "at-most", value: 0 }],
  ["is more than", null, { operator: "greater", value: 0 }],
  ["is at least", null, { operator: "at-least", value: 0 }],
  ["is between", "is not between", { operator: "between", from: 0, to: 100 }],
];
const date: readonly Offer[] = [
  ["is in the last … days", "is not in the last … days", { operator: "in-last-days", days: 30 }],
  ["is in the next … days", "is not in the next … days", { operator: "in-next-days", days: 7 }],
  ["is on", "is not on", { operator: "on", day: today }],
  ["is before", "is not before", { operator: "before", day: today }],
  ["is after", "is not after", { operator: "after", day: today }],
  ["is between", "is not between", { operator: "between-days", from: lastMonth, to: today }],
];
const choices: readonly Offer[] = [
  ["has any of", "has none of", { operator: "has-any", values: [] }],
  ["has all of", "does not have all of", { operator: "has-all", values: [] }],
];

const offers: { readonly [type in FieldType]: readonly Offer[] } = {
  text,
  number,
  boolean: [["is", null, { operator: "equals", value: true }]],
  date,
  datetime: date,
  choice: [
    ["is any of", "is none of", { operator: "has-any", values: [] }],
    text[0] ?? ["is", null, emptyTest()],
  ],
  choices,
  list: [],
};

function emptyTest(): Test {
  return { operator: "is-empty" };
}

/** The operators for values of a type. */
export function operatorsOf(type: FieldType): readonly Operator[] {
  const both: readonly Offer[] = [...offers[type], ["is empty", "is not empty", emptyTest()]];
  return both.flatMap(([label, negated, first]) => {
    const plain = { key: first.operator, label, operator: first.operator, isNegated: false, first };
    return negated === null
      ? [plain]
      : [plain, { ...plain, key: `not-${first.operator}`, label: negated, isNegated: true }];
  });
}

/** The operator that a rule uses now, or undefined if its type offers none such. */
export function operatorIn(
  type: FieldType,
  { test, isNegated }: { readonly test: Test; readonly isNegated: boolean },
): Operator | undefined {
  const found = operatorsOf(type).filter(({ operator }) => operator === test.operator);
  return found.find((each) => each.isNegated === isNegated);
}

/** The test of a new operator, keeping the old value where it still fits. */
export function testOf(operator: Operator, before: Test): Test {
  const { first } = operator;
  if (before.operator === first.operator) return before;
  if ("value" in first && "value" in before && typeof first.value === typeof before.value)
    return { ...first, value: before.value } as Test;
  if ("values" in first && "values" in before) return { ...first, values: before.values };
  if ("day" in first && "day" in before) return { ...first, day: before.day };
  if ("days" in first && "days" in before) return { ...first, days: before.days };
  return first;
}

/** The test of a rule whose field was changed: the old one if it still fits, else the first that the type offers. */
export function testForField(field: Field, before: Test): Test {
  if (suits(before, field.type) && field.type !== "choice" && field.type !== "choices") return before;
  return operatorsOf(field.type)[0]?.first ?? emptyTest();
}
