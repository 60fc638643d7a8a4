import { expect, test } from "vitest";
import { choiceOf, targetOf } from "./column-target.ts";

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

test("a column whose header has no letters still gets a key", () => {
  expect(targetOf("new", "名前")).toMatchObject({ key: "column", label: "名前" });
});
