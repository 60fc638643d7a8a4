import type { Condition } from "./condition.ts";

/** The same meaning with less around it: a group of one is that one, and two nots cancel out. For showing as text. */
export function simplify(condition: Condition): Condition {
  switch (condition.kind) {
    case "all":
    case "any": {
      const of = condition.of.map(simplify);
      const [only] = of;
      return only !== undefined && of.length === 1 ? only : { kind: condition.kind, of };
    }
    case "not": {
      const of = simplify(condition.of);
      return of.kind === "not" ? of.of : { kind: "not", of };
    }
    default:
      return condition;
  }
}
