-- Writes interactions once each, and in the same statement everything that follows from them: firsts, totals, hours
-- and news. $1: rows as JSON. $2: subscribers of contact.interacted.
--
-- The caller holds the lock of this table's totals, so "not there yet" stays true until commit. Deliveries of test
-- sends, and places that no chunk has, are left out here and counted nowhere.
with given as materialized (
  select distinct on (hit_id) *
  from jsonb_to_recordset($1::jsonb) as given(
    hit_id uuid, kind text, contact_id bigint, mailing_id bigint, delivery_id bigint, link_number integer,
    event_id bigint, agent text, evidence text, ip text, user_agent text, method text, prefetch text, rules integer, data jsonb, at timestamptz)
  where not exists (select from interactions known where known.hit_id = given.hit_id)
),
resolved as materialized (
  select given.hit_id, given.kind, given.delivery_id, given.link_number, given.event_id, given.agent, given.evidence,
         given.ip, given.user_agent, given.method, given.prefetch, given.rules, given.data, given.at,
         -- An erased contact is nobody.
         coalesce(person.id, 0) as contact_id,
         mailing.id as mailing_id, mailing.message_id, mailing.journey_id
  from given
  left join delivery_chunks chunk
    on chunk.id = given.delivery_id / 1024 and given.delivery_id % 1024 < chunk.size
  left join mailings mailing on mailing.id = coalesce(given.mailing_id, chunk.mailing_id)
  left join contacts person
    on person.id = coalesce(given.contact_id, chunk.contact_ids[given.delivery_id % 1024 + 1])
  where (given.delivery_id is null or chunk.id is not null) and mailing.kind is distinct from 'test'
),
ranked as (
  select resolved.*,
         row_number() over (partition by delivery_id, kind, agent, link_number order by at, hit_id) as nth_of_link,
         row_number() over (partition by delivery_id, kind, agent order by at, hit_id) as nth_of_kind
  from resolved
),
inserted as (
  insert into interactions (hit_id, kind, contact_id, mailing_id, delivery_id, message_id, journey_id, link_number,
                            event_id, agent, evidence, is_first, is_first_of_kind, ip, user_agent, method, prefetch, rules, data,
                            at)
  select hit_id, kind, contact_id, mailing_id, delivery_id, message_id, journey_id, link_number,
         event_id, agent, evidence,
         delivery_id is null or nth_of_link = 1 and not exists (
           select from interactions earlier
           where earlier.delivery_id = ranked.delivery_id and earlier.kind = ranked.kind
             and earlier.agent = ranked.agent and earlier.link_number is not distinct from ranked.link_number),
         delivery_id is null or nth_of_kind = 1 and not exists (
           select from interactions earlier
           where earlier.delivery_id = ranked.delivery_id and earlier.kind = ranked.kind
             and earlier.agent = ranked.agent),
         ip, user_agent, method, prefetch, rules, data, at
  from ranked
  order by at, hit_id
  on conflict (hit_id) do nothing
  returning *
),
moved_totals as (
  insert into interaction_totals (mailing_id, kind, link_number, agent, total, firsts)
  select mailing_id, kind, 0, agent, count(*), count(*) filter (where is_first_of_kind)
  from inserted where mailing_id is not null
  group by mailing_id, kind, agent
  union all
  select mailing_id, kind, link_number, agent, count(*), count(*) filter (where is_first)
  from inserted where mailing_id is not null and link_number > 0
  group by mailing_id, kind, link_number, agent
  on conflict (mailing_id, kind, link_number, agent)
  do update set total = interaction_totals.total + excluded.total,
                firsts = interaction_totals.firsts + excluded.firsts
),
moved_hours as (
  insert into interaction_hours (mailing_id, kind, agent, hour, total, firsts)
  select mailing_id, kind, agent, date_trunc('hour', at, 'UTC'), count(*), count(*) filter (where is_first_of_kind)
  from inserted where mailing_id is not null
  group by mailing_id, kind, agent, date_trunc('hour', at, 'UTC')
  on conflict (mailing_id, kind, agent, hour)
  do update set total = interaction_hours.total + excluded.total,
                firsts = interaction_hours.firsts + excluded.firsts
),
published as (
  insert into news (subscriber, kind, payload)
  select subscriber, 'contact.interacted',
         jsonb_build_object(
           'interactionId', id::text, 'kind', kind, 'contactId', contact_id::text, 'mailingId', mailing_id::text,
           'deliveryId', delivery_id::text, 'messageId', message_id::text, 'journeyId', journey_id::text,
           'linkNumber', link_number, 'eventId', event_id::text, 'agent', agent, 'at', at, 'data', data)
  from inserted, unnest($2::text[]) subscriber
  -- Nobody waits for what a machine repeats, nor for what no contact did.
  where contact_id > 0 and (agent = 'human' or is_first)
)
select hit_id, contact_id, mailing_id, message_id from inserted
