-- Passes one batch of due visits by yes or no. [J16]
-- $1 version  $2 tile  $3 now  $4 batch size  $5 yes tile  $6 due there at the earliest  $7 yes is an end  $8 no tile  $9 due there
-- $10 no is an end. The condition over `contacts` is put in by the engine, compiled, with its values from $11 on.
with due as materialized (
  select ctid as place, id, contact_id, steps, arrived_at, due_at
  from journey_visits
  where version_id = $1 and node_id = $2 and due_at <= $3
  order by due_at
  limit $4
  for update skip locked
), judged as materialized (
  select due.*, (/* condition */) as is_yes from due join contacts on contacts.id = due.contact_id
), moved as (
  update journey_visits visit set
    node_id = case when is_yes then $5 else $8 end,
    steps = visit.steps + 1,
    arrived_at = $3,
    due_at = greatest(case when is_yes then $6::timestamptz else $9::timestamptz end, judged.due_at), -- [J19]
    finished_at = case when is_yes and $7::boolean or not is_yes and $10::boolean then $3::timestamptz end,
    finish_reason = case when is_yes and $7::boolean or not is_yes and $10::boolean then 'end' end
  from judged where visit.ctid = judged.place
), passed as (
  insert into journey_passages (visit_id, step, version_id, contact_id, node_id, exit, arrived_at, left_at)
  select id, steps, $1, contact_id, $2, case when is_yes then 'yes' else 'no' end, arrived_at, $3 from judged
)
select count(*) filter (where is_yes)::integer as yes, count(*) filter (where not is_yes)::integer as no from judged
