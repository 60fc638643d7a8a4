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

/** What became of a delivery; null: it still waits. */
export type FateFixture = {
  readonly outcome: "accepted" | "refused" | "skipped" | "given-up" | "in-doubt";
  readonly reason?: string;
  readonly reply?: string;
} | null;

/** A mailing as it stands after sending: a live version with links, one chunk, and a log row for each delivery that has a fate. */
export async function aMailing(
  db: Database,
  given: {
    readonly contactIds: readonly string[];
    readonly links?: readonly LinkFixture[];
    readonly kind?: "journey" | "forward" | "test" | "transactional";
    /** Null: nothing is logged. */
    readonly acceptedAt?: Date | null;
    /** By place; accepted where it says nothing. */
    readonly fates?: { readonly [place: number]: FateFixture };
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
  const fates = deliveryIds.flatMap((deliveryId, place) => {
    const fate = given.fates?.[place] === undefined ? { outcome: "accepted" as const } : given.fates[place];
    return fate
      ? [{ reason: null, reply: null, ...fate, deliveryId, contactId: contactIds[place] ?? "0" }]
      : [];
  });
  await db.run(sql`
    insert into mailing_totals (mailing_id, outcome, total)
    select ${mailingId}::bigint, 'queued', ${contactIds.length}::int
    union all
    select ${mailingId}, outcome, count(*) from unnest(${fates.map(({ outcome }) => outcome)}::text[]) outcome group by outcome`);
  if (given.acceptedAt !== null)
    await db.run(sql`
      insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, reason, reply, address, at)
      select ${mailingId}, contact_id, 0, delivery_id, outcome, reason, reply, coalesce(person.email, ''),
             ${given.acceptedAt ?? new Date(0)}
      from unnest(${fates.map(({ contactId }) => contactId)}::bigint[], ${fates.map(({ deliveryId }) => deliveryId)}::bigint[],
                  ${fates.map(({ outcome }) => outcome)}::text[], ${fates.map(({ reason }) => reason)}::text[],
                  ${fates.map(({ reply }) => reply)}::text[]) sent(contact_id, delivery_id, outcome, reason, reply)
      left join contacts person on person.id = contact_id`);
  return { mailingId, messageId, versionId, contactIds, deliveryIds };
}
