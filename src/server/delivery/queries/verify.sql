-- Every figure is counted again from rows that were not used to move it. About 3 s per million recipients; arrays of chunks are opened once, not for each row of the log.
with places as (
  select chunk.mailing_id, chunk.id * 1024 + one.nth - 1 as delivery_id, one.contact_id, one.visit_id, one.nth - 1 as place,
         chunk.intended, chunk.returned, chunk.finished_at, chunk.lease_owner
  from delivery_chunks chunk cross join unnest(chunk.contact_ids, chunk.visit_ids) with ordinality as one(contact_id, visit_id, nth)
), seen as (
  select places.*, log.delivery_id as logged_id, retry.delivery_id as retry_id
  from places
    left join delivery_log log using (mailing_id, contact_id, visit_id)
    left join delivery_retries retry on retry.delivery_id = places.delivery_id
), counted as (
  select mailing_id, 'queued' as outcome, sum(size - repeated) as total from delivery_chunks group by mailing_id
  union all
  select mailing_id, outcome, count(*) from delivery_log group by mailing_id, outcome
)
select format('Mailing %s: %s is counted as %s, its rows are %s.', mailing_id, outcome, coalesce(kept.total, 0), coalesce(counted.total, 0)) as problem
from counted full join (select * from mailing_totals where total <> 0) kept using (mailing_id, outcome)
where coalesce(kept.total, 0) <> coalesce(counted.total, 0)
union all
select format('Delivery %s has a fate and is put off as well.', delivery_id) from seen where logged_id = delivery_id and retry_id is not null
union all
select format('Delivery %s belongs to a finished chunk and has no fate.', delivery_id)
from seen where finished_at is not null and logged_id is null and retry_id is null
union all
select format('Delivery %s was begun, is held by nobody and has no fate.', delivery_id)
from seen where finished_at is null and lease_owner is null and place < intended and place <> all(returned)
  and logged_id is null and retry_id is null
union all
select format('Mailing %s: the log has contact %s, visit %s that no chunk has.', log.mailing_id, log.contact_id, log.visit_id)
from delivery_log log where not exists (
  select from delivery_chunks chunk cross join unnest(chunk.contact_ids, chunk.visit_ids) with ordinality as one(contact_id, visit_id, nth)
  where chunk.id * 1024 + one.nth - 1 = log.delivery_id and chunk.mailing_id = log.mailing_id
    and one.contact_id = log.contact_id and one.visit_id = log.visit_id)
limit 100
