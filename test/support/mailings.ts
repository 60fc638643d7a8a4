import { type Database, sql } from "#server/platform/index.ts";

export type LinkFixture = { readonly number: number; readonly url: string | null; readonly label?: string };

export type MailingFixture = {
  readonly mailingId: string;
  readonly messageId: string;
  readonly versionId: string;
  readonly contactIds: readonly string[];
  /** One for each contact, in order. */
  readonly deliveryIds: readonly string[];
};

async function idOf(query: Promise<{ id: string } | undefined>): Promise<string> {
  const row = await query;
  if (!row) throw new Error("The row was not written");
  return row.id;
}

/** Writes contacts with these addresses and gives their row ids. */
export async function someContacts(db: Database, emails: readonly string[]): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(sql`
    insert into contacts (email, email_key)
    select email, lower(email) from unnest(${[...emails]}::text[]) with ordinality given(email, place) order by place
    returning id`);
  return rows.map(({ id }) => id);
}

/** A mailing as it stands after sending: a live version with links, one chunk, and a log row for each accepted delivery. */
export async function aMailing(
  db: Database,
  given: {
    readonly contactIds: readonly string[];
    readonly links?: readonly LinkFixture[];
    readonly kind?: "journey" | "forward" | "test" | "transactional";
    readonly acceptedAt?: Date | null;
    readonly topicId?: string | null;
    readonly contentSettingsId?: string | null;
    readonly messageId?: string;
    readonly name?: string;
  },
): Promise<MailingFixture> {
  const links = (given.links ?? []).map((link) => ({ label: "", place: "html", ...link }));
  const messageId =
    given.messageId ??
    (await idOf(
      db.first(sql`insert into messages (name, subject, topic_id)
        values (${given.name ?? "Invite"}, 'Come', ${given.topicId ?? null}) returning id`),
    ));
  const versionId = await idOf(
    db.first(sql`
      insert into message_versions (message_id, number, revision, source, compiled, links, content_hash)
      select ${messageId}, count(*) + 1, 1, '{"designation": "commercial", "subject": "Come"}', '{}', ${JSON.stringify(links)}::jsonb, 'x'
      from message_versions where message_id = ${messageId} returning id`),
  );
  const mailingId = await idOf(
    db.first(sql`
      insert into mailings (kind, message_version_id, message_id, topic_id, designation, content_settings_id)
      values (${given.kind ?? "transactional"}, ${versionId}, ${messageId}, ${given.topicId ?? null}, 'commercial',
              ${given.contentSettingsId ?? null}) returning id`),
  );
  const contactIds = [...given.contactIds];
  const chunkId = await idOf(
    db.first(sql`
      insert into delivery_chunks (mailing_id, contact_ids, visit_ids, size, intended, finished_at)
      values (${mailingId}, ${contactIds}::bigint[], ${contactIds.map(() => "0")}::bigint[], ${contactIds.length},
              ${contactIds.length}, now()) returning id`),
  );
  const deliveryIds = contactIds.map((_, place) => (BigInt(chunkId) * 1024n + BigInt(place)).toString());
  await db.run(sql`
    insert into mailing_totals (mailing_id, outcome, total)
    values (${mailingId}, 'queued', ${contactIds.length}), (${mailingId}, 'accepted', ${contactIds.length})`);
  if (given.acceptedAt !== null)
    await db.run(sql`
      insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, address, at)
      select ${mailingId}, contact_id, 0, delivery_id, 'accepted', coalesce(person.email, ''),
             ${given.acceptedAt ?? new Date(0)}
      from unnest(${contactIds}::bigint[], ${deliveryIds}::bigint[]) sent(contact_id, delivery_id)
      left join contacts person on person.id = contact_id`);
  return { mailingId, messageId, versionId, contactIds, deliveryIds };
}
