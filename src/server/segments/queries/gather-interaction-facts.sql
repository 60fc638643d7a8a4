-- What one contact did or received, of the kinds asked for, with URL and label of a clicked link.
-- $1 contact, $2 kinds. A link's number means something only in the version that was sent.
select interactions.kind, interactions.message_id::text as "messageId", interactions.journey_id::text as "journeyId",
  event_id::text as "eventId", agent = 'machine' as "isMachine", at,
  array(
    select each from message_versions
    cross join jsonb_array_elements(links) as link
    cross join unnest(array[link ->> 'url', link ->> 'label']) as each
    where message_versions.id = mailings.message_version_id and (link ->> 'number')::integer = link_number
  ) as links
from interactions left join mailings on mailings.id = interactions.mailing_id
where contact_id = $1 and interactions.kind = any($2)
union all
select 'received', message_id::text, journey_id::text, null, false, at, '{}'
from delivery_log join mailings on mailings.id = delivery_log.mailing_id
where contact_id = $1 and 'received' = any($2) and outcome = 'accepted' and mailings.kind <> 'test'
