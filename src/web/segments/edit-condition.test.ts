import fc from "fast-check";
import { expect, test } from "vitest";
import type { Condition } from "#core/segments/condition.ts";
import { matches } from "#core/segments/matches.ts";
import { flatCondition, worldNow } from "#test/arbitrary-condition.ts";
import { factsOf, worldContact } from "#test/arbitrary-contact.ts";
import {
  addTo,
  changeAt,
  conditionOf,
  moveAt,
  partOf,
  withGroupKind,
  withRootGroup,
} from "./edit-condition.ts";

const city = (value: string): Condition => ({
  kind: "attribute",
  field: "city",
  test: { operator: "equals", value },
});
const bonn = city("Bonn");
const root: Condition = {
  kind: "all",
  of: [bonn, { kind: "not", of: { kind: "any", of: [city("A"), city("B")] } }],
};

test("a rule is added, replaced, moved and taken out inside nested groups, through a not", () => {
  const added = addTo(root, [1], city("C"));
  expect(added).toEqual({
    kind: "all",
    of: [bonn, { kind: "not", of: { kind: "any", of: [city("A"), city("B"), city("C")] } }],
  });
  expect(changeAt(added, [1, 2], () => undefined)).toEqual(root);
  expect(changeAt(root, [0], () => city("Z"))).toMatchObject({ of: [city("Z"), {}] });
  expect(moveAt(root, [1, 0], 1)).toMatchObject({ of: [bonn, { of: { of: [city("B"), city("A")] } }] });
  expect(moveAt(root, [0], -1)).toEqual(root);
  expect(moveAt(root, [1], 1)).toEqual(root);
});

test("taking out the root leaves everyone", () => {
  expect(changeAt(root, [], () => undefined)).toEqual({ kind: "all", of: [] });
});

test("a group of another kind keeps its parts", () => {
  expect(withGroupKind({ kind: "all", of: [bonn] }, "none")).toEqual({
    kind: "not",
    of: { kind: "any", of: [bonn] },
  });
  expect(withGroupKind({ kind: "any", of: [bonn] }, "not-all")).toEqual({
    kind: "not",
    of: { kind: "all", of: [bonn] },
  });
});

test("what the builder does to show a condition does not change whom it means", () => {
  fc.assert(
    fc.property(flatCondition, worldContact, (condition, contact) => {
      const frame = { now: worldNow, timeZone: "UTC" };
      const shown = withRootGroup(conditionOf(partOf({ kind: "not", of: { kind: "not", of: condition } })));
      expect(matches(shown, factsOf(contact), frame)).toBe(matches(condition, factsOf(contact), frame));
    }),
  );
});
