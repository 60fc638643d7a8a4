import { expect, test } from "vitest";
import { fieldTypes } from "#core/messages/contact-schema.ts";
import { checkCondition, type Schema, suits } from "#core/segments/check-condition.ts";
import { conditionSchema } from "#core/segments/condition.ts";
import { allFields } from "#core/segments/field.ts";
import { newRules, starters } from "./new-rule.ts";
import { operatorIn, operatorsOf, testForField, testOf } from "./operators.ts";

const one = [{ id: "x_1", name: "One" }];
const schema: Schema = {
  fields: allFields([{ key: "orders", label: "Orders", type: "list", choices: [] }]),
  catalog: {
    message: one,
    journey: [{ id: "jrn_1", name: "One" }],
    event: one,
    topic: [{ id: "top_1", name: "One" }],
    segment: [{ id: "seg_1", name: "One" }],
  },
};

test.each(fieldTypes)("every operator that %s offers suits it, and is found again", (type) => {
  for (const operator of operatorsOf(type)) {
    expect(suits(operator.first, type), operator.label).toBe(true);
    expect(operatorIn(type, { test: operator.first, isNegated: operator.isNegated })).toEqual(operator);
  }
});

test("a value that still fits is kept when the operator or the field changes", () => {
  const contains = operatorsOf("text").find(({ key }) => key === "contains");
  expect(contains && testOf(contains, { operator: "equals", value: "Bonn" })).toEqual({
    operator: "contains",
    value: "Bonn",
  });
  const [city, created] = [schema.fields[6], schema.fields[7]];
  expect(city && testForField(city, { operator: "contains", value: "B" })).toEqual({
    operator: "contains",
    value: "B",
  });
  expect(created && testForField(created, { operator: "contains", value: "B" }).operator).toBe(
    "in-last-days",
  );
});

test("the segments to begin with are conditions that can be used at once", () => {
  for (const { condition } of starters) {
    expect(conditionSchema.safeParse(condition).success).toBe(true);
    expect(checkCondition(condition, schema)).toEqual([]);
  }
});

test("new rules refer only to what is there", () => {
  expect(newRules(schema).map(({ key }) => key)).toContain("journey");
  for (const rule of newRules(schema)) expect(checkCondition(rule.make(), schema), rule.key).toEqual([]);
  const empty = {
    fields: allFields([]),
    catalog: { message: [], journey: [], event: [], topic: [], segment: [] },
  };
  expect(newRules(empty).map(({ key }) => key)).not.toContain("topic");
});
