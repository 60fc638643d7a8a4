import type { ItemRule } from "../condition.ts";
import { located, type Parsing } from "./parse-group.ts";
import { parseTest } from "./parse-test.ts";
import { refuseToken } from "./token-reader.ts";

/** `city = "Bonn"`. Also the rules on the objects of a list, which know no others. */
export function parseFieldRule(parsing: Parsing): ItemRule | { readonly kind: "not"; readonly of: ItemRule } {
  const { reader, spans } = parsing;
  const name = reader.peek();
  if (name.kind !== "word" && name.kind !== "name")
    refuseToken(
      name,
      "a field or a rule",
      name.kind === "string" ? `Begin with a field: city = ${name.text}` : null,
    );
  if (["and", "or"].includes(name.text.toLowerCase())) refuseToken(name, "a rule");
  reader.next();
  const field = name.kind === "name" ? name.value : name.text;
  const { test, isNegated } = parseTest(parsing, field);
  const rule: ItemRule = { kind: "attribute", field, test };
  if (!isNegated) return rule;
  return { kind: "not", of: located(rule, spans, reader.spanFrom(name)) };
}
