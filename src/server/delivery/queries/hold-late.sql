-- [D72] After a time in which nothing could leave: holds every chunk whose own time passed meanwhile, longer ago than the grace. A chunk
-- that is held is never available, so leasing passes it by without looking. Only asked when such a time ends.
-- $1 since when nothing could leave; null: since each mailing was paused  $2 mailings; null: all
update delivery_chunks chunk set late = 'held', available_at = 'infinity'
from mailings mailing, (
  select now() - make_interval(mins => coalesce((select (value ->> 'lateAfterMinutes')::int from settings where key = 'delivery.policy'), 120)) as at
) grace
where mailing.id = chunk.mailing_id and chunk.finished_at is null and chunk.lease_owner is null and chunk.late is null
  and (chunk.intended < chunk.size or chunk.returned <> '{}')
  and chunk.planned_at < grace.at and coalesce($1::timestamptz, mailing.paused_at) < grace.at
  and ($2::bigint[] is null or chunk.mailing_id = any($2::bigint[]))
