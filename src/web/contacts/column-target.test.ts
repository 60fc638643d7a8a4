import { expect, test } from "vitest";
import { attributeKeyOf, choiceOf, targetOf } from "./column-target.ts";

test("every target survives being chosen in a select", () => {
  const targets = [
    { kind: "ignore" },
    { kind: "email" },
    { kind: "field", field: "city" },
    { kind: "attribute", key: "age" },
  ] as const;
  for (const target of targets) expect(targetOf(choiceOf(target), "Any header")).toEqual(target);
});

test("a new attribute is named after its column", () => {
  expect(targetOf("new", "Última compra (€)")).toEqual({
    kind: "new-attribute",
    key: "ultima_compra",
    label: "Última compra (€)",
    type: "text",
  });
});

test.each([
  ["Shoe size", "shoe_size"],
  ["2nd name", "nd_name"],
  ["名前", "column"],
  ["", "column"],
])("the key of %j is %s", (header, key) => {
  expect(attributeKeyOf(header)).toBe(key);
});
