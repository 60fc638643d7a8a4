-- Passes one batch of due visits from a tile by one exit to the next tile. [J2] [J5] [J6]
-- $1 version  $2 tile  $3 now  $4 batch size  $5 exit  $6 next tile  $7 due there at the earliest  $8 whether the next tile is an end
--
-- `skip locked` lets several engines share a tile. The update finds its rows by ctid: they are locked by this very
-- transaction, so they cannot have moved, and no second walk through an index is needed.
with due as materialized (
  select ctid as place, id, contact_id, steps, arrived_at, due_at
  from journey_visits
  where version_id = $1 and node_id = $2 and due_at <= $3
  order by due_at
  limit $4
  for update skip locked
), moved as (
  update journey_visits visit set
    node_id = $6,
    steps = visit.steps + 1,
    arrived_at = $3,
    due_at = greatest($7::timestamptz, due.due_at), -- [J19]
    finished_at = case when $8::boolean then $3::timestamptz end,
    finish_reason = case when $8::boolean then 'end' end
  from due where visit.ctid = due.place
), passed as (
  insert into journey_passages (visit_id, step, version_id, contact_id, node_id, exit, arrived_at, left_at)
  select id, steps, $1, contact_id, $2, $5, arrived_at, $3 from due
)
select count(*)::integer as passed,
  array_agg(contact_id order by id)::text as contact_ids,
  array_agg(id order by id)::text as visit_ids,
  -- Only where somebody is late: when each was due.
  case when min(due_at) < $3::timestamptz - interval '1 minute' then array_agg(due_at order by id)::text end as due_ats
from due
