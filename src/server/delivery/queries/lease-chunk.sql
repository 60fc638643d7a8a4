-- [D7], [D22] Leases the next chunk that a route may carry. Transactional mail first; then the mailing that has the fewest
-- chunks in work, then whichever waited longest, and of it the oldest chunk. The recursion steps from mailing to mailing along
-- an index, so a mailing of a thousand chunks costs as much as one of two; `skip locked` lets senders take different ones.
-- [D72] Whoever was not heard of for four minutes waits for its survey, which sees what came to be late meanwhile.
-- $1 owner, $2 routes whose mail it carries, $3 whether it may take mail that names none, $4 only transactional, $5 lease seconds
with recursive open as (
  (select mailing_id from delivery_chunks where finished_at is null and lease_owner is null order by mailing_id limit 1)
  union all
  select (select chunk.mailing_id from delivery_chunks chunk
          where chunk.finished_at is null and chunk.lease_owner is null and chunk.mailing_id > open.mailing_id
          order by chunk.mailing_id limit 1)
  from open where open.mailing_id is not null
), turns as (
  select mailing.id, mailing.route_id
  from open join mailings mailing on mailing.id = open.mailing_id left join mailing_turns turn on turn.mailing_id = mailing.id
  where mailing.state = 'running' and (mailing.route_id = any($2::bigint[]) or (mailing.route_id is null and $3::boolean))
    and (mailing.designation = 'transactional' or not $4::boolean)
    and not exists (select from settings where key = 'delivery.stopped')
    and exists (select from sender_watch where beat_at > now() - interval '4 minutes')
  order by mailing.designation = 'transactional' desc,
    (select count(*) from delivery_chunks busy where busy.mailing_id = mailing.id and busy.finished_at is null and busy.lease_owner is not null),
    coalesce(turn.served_at, '-infinity'), mailing.id
), due as (
  select next.id, turns.id as mailing_id, turns.route_id is null as is_shared
  from turns cross join lateral (
    select chunk.id from delivery_chunks chunk
    where chunk.mailing_id = turns.id and chunk.finished_at is null and chunk.lease_owner is null and chunk.available_at <= now()
      and (chunk.expires_at is null or chunk.expires_at > now())
    order by chunk.available_at, chunk.id limit 1 for update of chunk skip locked
  ) next
  limit 1
), served as (
  insert into mailing_turns (mailing_id, served_at) select mailing_id, clock_timestamp() from due
  on conflict (mailing_id) do update set served_at = excluded.served_at
)
update delivery_chunks chunk
set lease_owner = $1, lease_epoch = lease_epoch + 1, lease_until = now() + make_interval(secs => $5::int)
from due where chunk.id = due.id
returning chunk.id, chunk.mailing_id, due.is_shared, lease_epoch, contact_ids, visit_ids, recipients, size, intended, returned, expires_at
