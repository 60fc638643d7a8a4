import { toId } from "#core/kernel/ids.ts";
import type { Schema } from "#core/segments/check-condition.ts";
import { allFields, type Field } from "#core/segments/field.ts";
import type { Named, ReferenceKind } from "#core/segments/references.ts";
import { type Queries, sql } from "../platform/index.ts";

/**
 * Gathers what conditions can be about: all fields of contacts, and everything that has a name. Archived things are
 * among them, and say so in their name, because what contacts did with them stays true.
 */
export async function gatherSchema(db: Queries): Promise<Schema> {
  const custom = await db.rows<Field>(sql`
    select key, label, type, choices from attribute_definitions order by position, key`);
  const names = await db.rows<{ kind: ReferenceKind; id: string; name: string }>(sql`
    select kind, id, case when archived_at is null then name else name || ' (archived)' end as name from (
      select 'message' as kind, id, name, archived_at from messages
      union all select 'journey', id, name, archived_at from journeys
      union all select 'event', id, name, null from events
      union all select 'topic', id, name, archived_at from topics
      union all select 'segment', id, name, archived_at from segments
    ) as named order by archived_at is not null, lower(name), id`);
  const of = (kind: ReferenceKind): Named[] =>
    names.filter((each) => each.kind === kind).map(({ id, name }) => ({ id: toId(kind, id), name }));
  return {
    fields: allFields(custom),
    catalog: {
      message: of("message"),
      journey: of("journey"),
      event: of("event"),
      topic: of("topic"),
      segment: of("segment"),
    },
  };
}
