import type { z } from "zod";
import type { Segment, SegmentContact, SegmentSummary } from "#contract/segments.ts";
import { toId } from "#core/kernel/ids.ts";
import { checkCondition, type Schema } from "#core/segments/check-condition.ts";
import { simplify } from "#core/segments/simplify.ts";
import { printCondition } from "#core/segments/text/print.ts";
import type { MemberRow, SegmentRecord } from "./store.ts";

/** A segment as lists show it. */
export function presentSummary(segment: SegmentRecord): z.input<typeof SegmentSummary> {
  return {
    id: toId("segment", segment.id),
    name: segment.name,
    description: segment.description,
    kind: segment.kind,
    createdAt: segment.createdAt.toISOString(),
    updatedAt: segment.updatedAt.toISOString(),
    archivedAt: segment.archivedAt?.toISOString() ?? null,
  };
}

/** A segment in full: its definition in both faces, and what is wrong with it by now. */
export function presentSegment(segment: SegmentRecord, schema: Schema): z.input<typeof Segment> {
  const { definition } = segment;
  const problems = definition ? checkCondition(definition.condition, schema) : [];
  return {
    ...presentSummary(segment),
    definition,
    text: definition && printCondition(simplify(definition.condition), schema.catalog),
    problems: problems.map(({ code, message, suggestion, path }) => ({
      code,
      message,
      suggestion,
      path: [...path],
    })),
  };
}

/** A member as lists show it. */
export function presentMember(member: MemberRow): z.input<typeof SegmentContact> {
  return { ...member, id: toId("contact", member.id) };
}
