import type { Condition, Rule } from "#core/segments/condition.ts";

/** A group of rules as the builder shows it: what it asks of its parts. */
export type GroupKind = "all" | "any" | "none" | "not-all";
export type Group = Extract<Condition, { kind: "all" | "any" }>;

/** A part of a condition with its "not" taken off; two of them cancel out. */
export type Part = { readonly isNegated: boolean; readonly inner: Group | Rule };

/** Where a part stands: its place in the root group, then in that group, and so on. Nots take no step. */
export type Place = readonly number[];

/** Takes the nots off a condition. */
export function partOf(condition: Condition): Part {
  let inner = condition;
  let isNegated = false;
  while (inner.kind === "not") {
    inner = inner.of;
    isNegated = !isNegated;
  }
  return { isNegated, inner };
}

/** Puts a not back on. */
export function conditionOf({ isNegated, inner }: Part): Condition {
  return isNegated ? { kind: "not", of: inner } : inner;
}

/** True of groups, false of rules. */
export function isGroup(inner: Group | Rule): inner is Group {
  return inner.kind === "all" || inner.kind === "any";
}

/** The condition with a group at its root, which is what the builder edits. The meaning stays. */
export function withRootGroup(condition: Condition): Condition {
  return isGroup(partOf(condition).inner) ? condition : { kind: "all", of: [condition] };
}

/** What a group asks, in one word. */
export function groupKindOf({ isNegated, inner }: { isNegated: boolean; inner: Group }): GroupKind {
  if (inner.kind === "all") return isNegated ? "not-all" : "all";
  return isNegated ? "none" : "any";
}

/** The group with other words and the same parts. */
export function withGroupKind(group: Group, kind: GroupKind): Condition {
  const inner: Group = { kind: kind === "all" || kind === "not-all" ? "all" : "any", of: group.of };
  return conditionOf({ inner, isNegated: kind === "none" || kind === "not-all" });
}

/** Replaces the part at a place by what `change` makes of it; undefined takes it out. */
export function changeAt(
  condition: Condition,
  place: Place,
  change: (part: Condition) => Condition | undefined,
): Condition {
  return changed(condition, place, change) ?? { kind: "all", of: [] };
}

function changed(
  condition: Condition,
  [step, ...rest]: Place,
  change: (part: Condition) => Condition | undefined,
): Condition | undefined {
  if (step === undefined) return change(condition);
  const { isNegated, inner } = partOf(condition);
  if (!isGroup(inner)) return condition;
  const of = inner.of.flatMap((each, index) =>
    index === step ? (changed(each, rest, change) ?? []) : [each],
  );
  return conditionOf({ isNegated, inner: { kind: inner.kind, of } });
}

/** Adds a part at the end of the group at a place. */
export function addTo(condition: Condition, place: Place, part: Condition): Condition {
  return changeAt(condition, place, (group) => {
    const { isNegated, inner } = partOf(group);
    return isGroup(inner)
      ? conditionOf({ isNegated, inner: { kind: inner.kind, of: [...inner.of, part] } })
      : group;
  });
}

/** Moves the part at a place one step up or down in its group. */
export function moveAt(condition: Condition, place: Place, by: -1 | 1): Condition {
  const index = place.at(-1);
  if (index === undefined) return condition;
  return changeAt(condition, place.slice(0, -1), (group) => {
    const { isNegated, inner } = partOf(group);
    if (!isGroup(inner)) return group;
    const of = [...inner.of];
    const [moved] = of.splice(index, 1);
    if (moved === undefined || index + by < 0 || index + by > of.length) return group;
    of.splice(index + by, 0, moved);
    return conditionOf({ isNegated, inner: { kind: inner.kind, of } });
  });
}
