import { expect, test } from "vitest";
import { attributeKeyOf } from "./attribute-words.ts";

test.each([
  ["Shoe size", "shoe_size"],
  ["Última compra (€)", "ultima_compra"],
  ["2nd name", "nd_name"],
  ["名前", ""],
])("the key of %j is %j", (label, key) => {
  expect(attributeKeyOf(label)).toBe(key);
});
