import { refuse } from "#contract/errors.ts";
import { fromId, toId } from "#core/kernel/ids.ts";
import type { Condition } from "#core/segments/condition.ts";
import type { Frame } from "#core/segments/date-range.ts";
import { builtInFields } from "#core/segments/field.ts";
import { findCircle, rulesOf, segmentIdsOf } from "#core/segments/references.ts";
import { type SegmentSource, toSql } from "#core/segments/to-sql.ts";
import { foreignSql, type Queries, type Sql, sql } from "../platform/index.ts";
import { findAttributeKeys, findSegments } from "./store.ts";

/** Loads every segment that a condition names, directly or through others. Refuses a circle. */
export async function loadSources(
  db: Queries,
  condition: Condition,
): Promise<ReadonlyMap<string, SegmentSource>> {
  const sources = new Map<string, SegmentSource>();
  const contains = new Map<string, readonly string[]>();
  let wanted = segmentIdsOf(condition);
  while (wanted.length > 0) {
    for (const { id, definition } of await findSegments(db, wanted.map(rowOf))) {
      const publicId = toId("segment", id);
      sources.set(publicId, definition ? { kind: "dynamic", ...definition } : { kind: "static" });
      contains.set(publicId, definition ? segmentIdsOf(definition.condition) : []);
    }
    for (const id of wanted) if (!sources.has(id)) refuse("segment.not-found", { segmentId: id });
    wanted = [...new Set([...contains.values()].flat())].filter((id) => !sources.has(id));
  }
  for (const id of contains.keys()) {
    const circle = findCircle(id, contains);
    if (circle) refuse("segment.circular", { circle });
  }
  return sources;
}

/**
 * Refuses rules about attributes that were deleted. They would be false of everybody, and true of everybody under a
 * "not": whoever waits for this audience must stop rather than reach all contacts.
 */
async function refuseGoneAttributes(db: Queries, conditions: readonly Condition[]): Promise<void> {
  const asked = conditions.flatMap(rulesOf).flatMap((rule) => ("field" in rule ? [rule.field] : []));
  const custom = [...new Set(asked)].filter((key) => !builtInFields.some((field) => field.key === key));
  if (custom.length === 0) return;
  const known = await findAttributeKeys(db, custom);
  const problems = custom
    .filter((key) => !known.includes(key))
    .map((key) => ({ code: "segment.unknown-field", message: `Contacts have no field ${key} (any more).` }));
  if (problems.length > 0) refuse("segment.invalid", { problems });
}

/**
 * Compiles a condition to a boolean expression over a row of `contacts`, true or false and never null.
 * Segments that it names are put in their place. Refuses one that does not exist, a circle, and deleted attributes.
 */
export async function conditionSql(
  db: Queries,
  condition: Condition,
  timeZone: Frame["timeZone"],
  now: Date,
): Promise<Sql> {
  const segments = await loadSources(db, condition);
  const inside = [...segments.values()].flatMap((each) => (each.kind === "dynamic" ? [each.condition] : []));
  await refuseGoneAttributes(db, [condition, ...inside]);
  const { text, values } = toSql(condition, { now, timeZone, segments });
  return foreignSql(text, values);
}

/** Compiles membership of a segment (row number) to a boolean expression over a row of `contacts`. */
export function segmentSql(db: Queries, segmentId: string, now: Date): Promise<Sql> {
  // The rule names no day itself, so its zone does not matter; the segment's own applies inside.
  return conditionSql(db, { kind: "segment", segmentId: toId("segment", segmentId) }, "UTC", now);
}

/** Compiles a segment (row number) to a select of the ids of its members. */
export async function compileSegment(db: Queries, segmentId: string, now: Date): Promise<Sql> {
  return sql`select contacts.id from contacts where ${await segmentSql(db, segmentId, now)}`;
}

function rowOf(id: string): string {
  return fromId("segment", id) ?? refuse("segment.not-found", { segmentId: id });
}
