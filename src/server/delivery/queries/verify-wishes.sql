-- [D63] Mail that was begun although its address had been stopped before, by a suppression or a withdrawal. Every doubt is in favour
-- of the sender, so what is found is surely wrong: a delivery began with the first snapshot in whose range it lies, or later, and a stop
-- counts from a minute after its transaction began. $1 categories that stop transactional mail, $2 commercial mail, $3 forwarded copies.
-- One hashed pass over log and stops (two seconds per million recipients), then a look into the snapshots for those who are on both.
with stops as (
  select address_key, category as what, since, least(lifted_at, expires_at) as until, null::bigint as topic_id from suppressions
  union all
  select address_key, 'withdrawn', since, null, topic_id from consents where not granted
), met as materialized (
  select stop.*, log.mailing_id, log.delivery_id
  from stops stop join delivery_log log on lower(log.address) = stop.address_key
  where log.outcome <> 'skipped'
), covered as materialized (
  select met.delivery_id, met.what, met.since, met.until
  from met join mailings mailing on mailing.id = met.mailing_id
    cross join lateral (
      select case when mailing.kind = 'forward' then 'forward' when mailing.kind = 'test' then 'transactional' else mailing.designation end as purpose
    ) made
  where case
    when met.topic_id is not null then purpose <> 'transactional' and met.topic_id in (0, mailing.topic_id)
    when purpose = 'transactional' then met.what = any($1::text[])
    when purpose = 'forward' then met.what = any($3::text[])
    else met.what = any($2::text[]) end
)
select format('Delivery %s was begun at %s although its address was stopped at %s (%s).', delivery_id,
  to_char(begun.at, 'YYYY-MM-DD HH24:MI:SS'), to_char(since, 'YYYY-MM-DD HH24:MI:SS'), what) as problem
from covered cross join lateral (
    select min(snapshot.at) as at from delivery_snapshots snapshot
    where snapshot.chunk_id = delivery_id / 1024 and delivery_id % 1024 between snapshot.first_place and snapshot.last_place
  ) begun
where begun.at > since + interval '1 minute' and (until is null or begun.at < until)
limit 100
