-- Looks at one batch of visits whose trigger is due: woken because the contact did something, or timed out. [J14] [J15]
-- $1 version  $2 tile  $3 now  $4 batch size  $5 yes tile  $6 due there at the earliest  $7 yes is an end  $8 timeout tile
-- $9 due there  $10 timeout is an end  $11 time-out in seconds
-- $12 kind of interaction  $13 event or null  $14 message or null  $15 mailings or null  $16 tiles since which it counts
--
-- The ledger of interactions decides, not who woke the visit: a wake-up is a hint that may come late, twice or not at
-- all. Woken for nothing, a visit goes back to waiting for its time-out.
with due as materialized (
  select ctid as place, id, contact_id, steps, entered_at, arrived_at, due_at
  from journey_visits
  where version_id = $1 and node_id = $2 and due_at <= $3
  order by due_at
  limit $4
  for update skip locked
), judged as materialized (
  select due.*, case
    when exists (
      select from interactions done
      where done.contact_id = due.contact_id and done.kind = $12 and done.agent = 'human'
        and ($13::bigint is null or done.event_id = $13)
        and ($14::bigint is null or done.message_id = $14)
        and ($15::bigint[] is null or done.mailing_id = any($15))
        and done.at > coalesce((
          select max(left_at) from journey_passages
          where visit_id = due.id and node_id = any($16::text[])), due.entered_at)
    ) then 'yes'
    when arrived_at + make_interval(secs => $11::double precision) <= $3 then 'timeout'
  end as exit
  from due
), moved as (
  update journey_visits visit set
    node_id = case when exit = 'yes' then $5 else $8 end,
    steps = visit.steps + 1,
    arrived_at = $3,
    due_at = greatest(case when exit = 'yes' then $6::timestamptz else $9::timestamptz end, judged.due_at), -- [J19]
    finished_at = case when exit = 'yes' and $7::boolean or exit = 'timeout' and $10::boolean then $3::timestamptz end,
    finish_reason = case when exit = 'yes' and $7::boolean or exit = 'timeout' and $10::boolean then 'end' end
  from judged where visit.ctid = judged.place and exit is not null
), kept as (
  update journey_visits visit set due_at = visit.arrived_at + make_interval(secs => $11::double precision)
  from judged where visit.ctid = judged.place and exit is null
), passed as (
  insert into journey_passages (visit_id, step, version_id, contact_id, node_id, exit, arrived_at, left_at)
  select id, steps, $1, contact_id, $2, exit, arrived_at, $3 from judged where exit is not null
)
select count(*) filter (where exit = 'yes')::integer as yes,
  count(*) filter (where exit = 'timeout')::integer as timeout,
  count(*) filter (where exit is null)::integer as kept
from judged
