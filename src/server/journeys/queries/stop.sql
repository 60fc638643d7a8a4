-- Ends every visit that is inside, where it stands. [J33]  $1 version  $2 now
with inside as (
  update journey_visits set finished_at = $2, finish_reason = 'stopped', due_at = 'infinity'
  where version_id = $1 and finished_at is null
  returning node_id
)
select node_id, count(*)::integer as total from inside group by node_id order by node_id
