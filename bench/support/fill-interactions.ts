import { type Database, sql } from "#server/platform/index.ts";

/**
 * A year of what contacts did, spread unevenly: seven opens to three clicks, one in seven about one message; a tenth of the contacts
 * does half of it. Indexes are made anew afterwards, which is faster than keeping them.
 */
export async function fillInteractions(
  db: Database,
  options: { readonly contacts: number; readonly interactions: number; readonly messageId: string },
): Promise<void> {
  const { contacts, interactions, messageId } = options;
  const indexes = await db.rows<{ name: string; definition: string }>(sql`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
    where indrelid = 'interactions'::regclass and not indisunique`);
  for (const { name } of indexes) await db.run({ text: `drop index ${name}`, values: [] });
  await db.run(sql`
    insert into interactions (hit_id, kind, contact_id, message_id, link_number, is_first, at)
    select gen_random_uuid(), case when n % 10 < 3 then 'click' else 'open' end,
      1 + case when n % 2 = 0 then hash % ${contacts}::bigint else hash % greatest(1, ${contacts}::bigint / 10) end,
      case when hash % 7 = 0 then ${messageId}::bigint else 1000000 + hash % 50 end,
      case when n % 10 < 3 then 1 + n % 20 end, n % 3 = 0,
      now() - interval '1 second' * (n * (31536000.0 / ${interactions}::int))
    from (select n, (hashint8extended(n, 7) & 9223372036854775807) as hash from generate_series(1, ${interactions}::int) n) numbered`);
  for (const { definition } of indexes) await db.run({ text: definition, values: [] });
  await db.run(sql`vacuum (analyze) interactions`);
}
