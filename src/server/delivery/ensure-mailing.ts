import type { Queries } from "#server/platform/index.ts";
import { sql } from "#server/platform/index.ts";

/** Which live version is sent from which place. Row ids are decimal strings. */
export type MailingRequest = {
  readonly kind: "journey" | "forward" | "test" | "transactional";
  readonly messageVersionId: string;
  /** Null or absent: the default content settings at the time of sending. */
  readonly contentSettingsId?: string | null;
  /** Null or absent: the default route at the time of sending. */
  readonly routeId?: string | null;
  readonly journey?: { readonly id: string; readonly versionId: string; readonly nodeId: string };
};

/**
 * Finds or makes the mailing of a place and returns its row id. A journey tile has one mailing per live version of
 * its message; every other kind gets a new mailing per call. Message, topic and designation come from the version.
 */
export async function ensureMailing(tx: Queries, request: MailingRequest): Promise<string> {
  const { journey } = request;
  const row = await tx.first<{ id: string }>(sql`
    insert into mailings (kind, message_version_id, message_id, topic_id, designation, content_settings_id, route_id,
                          journey_id, journey_version_id, node_id)
    select ${request.kind}, version.id, message.id, version.topic_id, version.source ->> 'designation',
           ${request.contentSettingsId ?? null}::bigint, ${request.routeId ?? null}::bigint,
           ${journey?.id ?? null}::bigint, ${journey?.versionId ?? null}::bigint, ${journey?.nodeId ?? null}::text
    from message_versions version join messages message on message.id = version.message_id
    where version.id = ${request.messageVersionId}
    on conflict (journey_version_id, node_id, message_version_id) where kind = 'journey'
      do update set node_id = excluded.node_id
    returning id`);
  if (!row) throw new Error(`There is no message version ${request.messageVersionId}`);
  return row.id;
}
