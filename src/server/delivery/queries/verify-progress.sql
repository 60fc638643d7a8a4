-- [D64] What stands still though a sender lives and nothing holds it back. A sender lives if it raised the epoch of the database (once a
-- minute) within the last two. $1 seconds of a lease, $2 minutes of the longest wait for a further attempt.
with alive as (
  select from settings where key = 'instance.identity' and updated_at > now() - interval '2 minutes'
    and not exists (select from settings where key = 'delivery.stopped')
), leases as (
  select format('Chunk %s', id) as what, lease_until from delivery_chunks where finished_at is null and lease_owner is not null
  union all
  select format('Delivery %s', delivery_id), lease_until from delivery_retries where lease_owner is not null
), due as (
  select mailing_id, available_at as at, size - intended + cardinality(returned) as deliveries from delivery_chunks
  where finished_at is null and lease_owner is null and available_at < now() - make_interval(mins => $2::int)
  union all
  select mailing_id, next_at, 1 from delivery_retries where lease_owner is null and next_at < now() - make_interval(mins => $2::int)
), waiting as (
  select mailing_id, min(at) as at, sum(deliveries) as deliveries from due group by mailing_id
)
select format('%s is held by a lease that ran out at %s and was taken up by nobody.', what, to_char(lease_until, 'YYYY-MM-DD HH24:MI:SS')) as problem
from leases where lease_until < now() - make_interval(secs => 2 * $1::int) and exists (select from alive)
union all
select format('Mailing %s: %s deliveries are due since %s, nothing of it moves, and nothing says why.', mailing.id, waiting.deliveries,
  to_char(waiting.at, 'YYYY-MM-DD HH24:MI:SS'))
from waiting join mailings mailing on mailing.id = waiting.mailing_id
where mailing.state = 'running' and exists (select from alive)
  -- A route in trouble, or one that has reached a limit, says so itself.
  and exists (
    select from routes route
    where case when mailing.route_id is null then route.is_default or route.weight > 0 else route.id = mailing.route_id end
      and not exists (select from route_troubles trouble where trouble.route_id = route.id)
      and coalesce(route.messages_per_hour, route.messages_per_day) is null and route.warm_up is null)
  and not exists (select from delivery_chunks busy where busy.mailing_id = mailing.id and busy.finished_at is null and busy.lease_owner is not null)
  and not exists (select from delivery_retries busy where busy.mailing_id = mailing.id and busy.lease_owner is not null)
  and not exists (select from delivery_log log where log.mailing_id = mailing.id and log.at > now() - make_interval(mins => $2::int))
limit 100
