import { type Database, sql } from "../../src/server/platform/index.ts";

/**
 * Makes contacts with everything that the letter names, by one statement: `person1@example1.test` and so on, one in five from New
 * York, one in three on the plan "pro", with none to three orders. Returns once the planner knows them.
 */
export async function fillContacts(db: Database, count: number): Promise<void> {
  await db.run(sql`
    insert into contacts (email, email_key, first_name, last_name, language, time_zone, country, city, attributes)
    select 'person' || n || '@example' || n % 50 || '.test', 'person' || n || '@example' || n % 50 || '.test',
      case when n % 100 <> 99 then (array['Ana', 'Björn', 'Chidi', 'Dana', 'Éva', 'Farid', 'Grace', 'Haruki'])[n % 8 + 1] end,
      'Number ' || n, 'en', 'America/New_York', 'US',
      (array['New York', 'Berlin', 'São Paulo', 'Osaka', 'Lagos'])[n % 5 + 1],
      jsonb_build_object(
        'plan', case when n % 3 = 0 then 'pro' else 'free' end, 'company', 'Company ' || n % 9973, 'store', 'Store ' || n % 211,
        'points', n % 5000, 'member_since', date '2015-01-01' + n % 3650, 'greeting', (array['Dear', 'Hello', 'Hi'])[n % 3 + 1],
        'interest', (array['gardens', 'boats', 'music', 'cooking'])[n % 4 + 1],
        'orders', (select coalesce(jsonb_agg(jsonb_build_object('title', 'Lamp ' || o, 'price', 10 + n % 90)), '[]')
                   from generate_series(1, n % 4) o))
    from generate_series(1, ${count}::int) n`);
  await db.run(sql`vacuum (analyze) contacts`);
}

/** Every contact agrees to a topic, in the ledger and its fold. */
export async function agreeToTopic(db: Database, topicId: string): Promise<void> {
  await db.run(sql`
    with added as (
      insert into consent_events (address_key, topic_id, kind, source, wording)
      select email_key, ${topicId}::bigint, 'granted', 'import', 'Yes, send me stories' from contacts order by id
      returning id, address_key, topic_id, at
    )
    insert into consents (address_key, topic_id, granted, since, event_id)
    select address_key, topic_id, true, at, id from added`);
  await db.run(sql`vacuum (analyze) consents`);
}
