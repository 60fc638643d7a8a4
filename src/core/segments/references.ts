import type { Condition, Rule } from "./condition.ts";

/** What conditions refer to by id, and people by name. */
export const referenceKinds = ["message", "journey", "event", "topic", "segment"] as const;
export type ReferenceKind = (typeof referenceKinds)[number];

export type Named = { readonly id: string; readonly name: string };

/** Everything that can be referred to: ids and names, which need not be unique. */
export type Catalog = { readonly [kind in ReferenceKind]: readonly Named[] };

export type Reference = { readonly kind: ReferenceKind; readonly id: string };

/** All rules of a condition, without their groups. */
export function rulesOf(condition: Condition): readonly Rule[] {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.flatMap(rulesOf);
    case "not":
      return rulesOf(condition.of);
    default:
      return [condition];
  }
}

/** What one rule refers to. */
export function referencesOfRule(rule: Rule): readonly Reference[] {
  switch (rule.kind) {
    case "topic":
      return [{ kind: "topic", id: rule.topicId }];
    case "segment":
      return [{ kind: "segment", id: rule.segmentId }];
    case "journey":
      return [{ kind: "journey", id: rule.journeyId }];
    case "interaction":
      return [
        ...(rule.messageId === undefined ? [] : [{ kind: "message" as const, id: rule.messageId }]),
        ...(rule.journeyId === undefined ? [] : [{ kind: "journey" as const, id: rule.journeyId }]),
        ...(rule.eventId === undefined ? [] : [{ kind: "event" as const, id: rule.eventId }]),
      ];
    default:
      return [];
  }
}

/** What a condition refers to, each thing once, in order of appearance. */
export function referencesOf(condition: Condition): readonly Reference[] {
  const found = new Map(
    rulesOf(condition)
      .flatMap(referencesOfRule)
      .map((each) => [each.id, each]),
  );
  return [...found.values()];
}

/** The ids of the segments that a condition names directly. */
export function segmentIdsOf(condition: Condition): readonly string[] {
  return referencesOf(condition).flatMap(({ kind, id }) => (kind === "segment" ? [id] : []));
}

/**
 * Finds a circle of segments that contain each other, or undefined. `contains` gives the segments that each one
 * names directly; the answer begins and ends with the same id.
 */
export function findCircle(
  start: string,
  contains: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const finished = new Set<string>();
  const visit = (id: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (finished.has(id)) return undefined;
    for (const next of contains.get(id) ?? []) {
      const circle = visit(next, [...path, id]);
      if (circle) return circle;
    }
    finished.add(id);
    return undefined;
  };
  return visit(start, []);
}
