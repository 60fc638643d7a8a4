import { toId } from "#core/kernel/ids.ts";
import { type Queries, sql } from "../platform/index.ts";

/** Something that needs content settings. `id` is a public id; mail that was sent has none of its own. */
export type Use = {
  readonly kind: "journey" | "event" | "mailing";
  readonly id: string;
  readonly name: string;
};

/**
 * What uses content settings: journeys (draft or live), events, and mail that was sent with them, which must stay
 * readable exactly as it was. Reads the tables of later domains by SQL only.
 */
export async function findUses(db: Queries, id: string): Promise<Use[]> {
  const publicId = toId("contentSettings", id);
  const rows = await db.rows<{ kind: Use["kind"]; id: string; name: string }>(sql`
    select 'journey' as kind, journeys.id, name
    from journeys left join journey_versions live on live.id = journeys.live_version_id
    where archived_at is null
      and ${publicId} in (journeys.settings ->> 'contentSettingsId', live.settings ->> 'contentSettingsId')
    union all
    select 'event', id, name from events where content_settings_id = ${id}
    union all
    (select 'mailing', mailings.id, messages.name from mailings join messages on messages.id = message_id
     where content_settings_id = ${id} order by mailings.id desc limit 10)`);
  return rows.map((row) => ({ ...row, id: toId(row.kind, row.id) }));
}
