-- Lets in all members of the start segment who have never visited this journey, in one statement, so that everybody
-- is judged at one moment. [J1] [J10]
-- $1 journey  $2 version  $3 first tile  $4 now  $5 due there at the earliest  $6 whether the first tile is an end.
-- The condition over `contacts` is put in by the engine, compiled, with its values from $7 on.
with entered as (
  insert into journey_visits
    (journey_id, version_id, contact_id, node_id, entered_at, arrived_at, due_at, finished_at, finish_reason)
  select $1, $2, contacts.id, $3, $4, $4, greatest($5::timestamptz, $4::timestamptz),
    case when $6::boolean then $4::timestamptz end, case when $6::boolean then 'end' end
  from contacts
  where (/* condition */)
    and not exists (
      select from journey_visits before
      where before.contact_id = contacts.id and before.journey_id = $1)
  on conflict (contact_id, journey_id) do nothing
  returning id
)
select count(*)::integer as entered, min(id) as first_visit_id from entered
