-- [C3] The fold, made again from the ledger in one pass, against what is kept. A grant by import belongs to the word before it
-- (an event of any other source) and does not count where that is a withdrawal. Of `event_id` and `since` it is proved that
-- the ledger has such an event to the same effect: which of two events at once came first is not known afterwards.
with events as (
  select id, address_key, coalesce(topic_id, 0) as topic_id, kind = 'granted' as granted, at,
         source = 'import' and kind = 'granted' as by_import
  from consent_events
), turns as (
  select *, count(*) filter (where not by_import) over (partition by address_key, topic_id order by id) as turn from events
), fold as (
  select distinct on (address_key, topic_id) address_key, topic_id,
         first_value(granted) over (partition by address_key, topic_id, turn order by id) as granted
  from turns order by address_key, topic_id, id desc
)
select address_key, topic_id, kept.granted as kept, fold.granted as folded, kept.since, kept.event_id
from fold full join consents kept using (address_key, topic_id)
where kept.granted is distinct from fold.granted
   or not exists (select from events where id = kept.event_id
                  and (events.address_key, events.topic_id, events.granted) = (kept.address_key, kept.topic_id, kept.granted))
   or not exists (select from events where at = kept.since
                  and (events.address_key, events.topic_id, events.granted) = (kept.address_key, kept.topic_id, kept.granted))
order by address_key, topic_id
