-- All that conditions can ask about one contact, except what it did. One row, or none if there is no such contact.
-- $1 contact, $2 now, $3 the categories of suppression that stop commercial mail.
select
  jsonb_build_object('email', email, 'first_name', first_name, 'last_name', last_name, 'language', language,
    'time_zone', time_zone, 'country', country, 'city', city) as columns,
  created_at as "createdAt",
  attributes,
  case when opted_out then '{}' else array(
    select topic_id::text from consents
    where address_key = email_key and topic_id <> 0 and granted order by topic_id
  ) end as "topicIds",
  not opted_out and not exists (
    select from suppressions
    where address_key = email_key and lifted_at is null and (expires_at is null or expires_at > $2)
      and category = any($3)
  ) as "isMailable",
  array(select segment_id::text from segment_members where contact_id = contacts.id order by segment_id) as "staticSegmentIds",
  coalesce((
    select jsonb_agg(jsonb_build_object(
      'journeyId', journey_id::text, 'isFinished', finished_at is not null, 'nodeId', node_id,
      'passedNodeIds', array(select distinct node_id from journey_passages where visit_id = journey_visits.id)))
    from journey_visits where contact_id = contacts.id
  ), '[]') as visits
from contacts cross join lateral (
  select exists (
    select from consents where address_key = email_key and topic_id = 0 and not granted
  ) as opted_out
) as consent
where contacts.id = $1
