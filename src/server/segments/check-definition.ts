import { refuse } from "#contract/errors.ts";
import { toId } from "#core/kernel/ids.ts";
import { checkCondition } from "#core/segments/check-condition.ts";
import type { Definition } from "#core/segments/condition.ts";
import { findCircle, segmentIdsOf } from "#core/segments/references.ts";
import type { Queries } from "../platform/index.ts";
import { gatherSchema } from "./gather-schema.ts";
import { listDefinitions } from "./store.ts";

/** Refuses a definition that does not fit the workspace, telling every problem. */
export async function checkDefinition(db: Queries, { condition }: Definition): Promise<void> {
  const problems = checkCondition(condition, await gatherSchema(db));
  if (problems.length > 0)
    refuse("segment.invalid", { problems: problems.map(({ rule: _, ...shown }) => shown) });
}

/** Refuses a definition by which a segment (row number) would contain itself, telling the circle by name. */
export async function checkCircle(db: Queries, segmentId: string, { condition }: Definition): Promise<void> {
  const others = await listDefinitions(db);
  const contains = new Map(
    others.map(({ id, definition }) => [
      toId("segment", id),
      definition ? segmentIdsOf(definition.condition) : [],
    ]),
  );
  const own = toId("segment", segmentId);
  contains.set(own, segmentIdsOf(condition));
  const circle = findCircle(own, contains);
  const nameOf = (id: string) => others.find((each) => toId("segment", each.id) === id)?.name ?? id;
  if (circle) refuse("segment.circular", { circle: circle.map(nameOf) });
}
