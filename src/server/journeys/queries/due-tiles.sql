-- Which of these tiles have visits that are due: one index probe per tile, so an idle tick over a thousand tiles
-- costs milliseconds and no tile without work costs a transaction.
select tile.version_id, tile.node_id
from unnest($1::bigint[], $2::text[]) with ordinality as tile(version_id, node_id, place)
where exists (
  select from journey_visits visit
  where visit.version_id = tile.version_id and visit.node_id = tile.node_id and visit.due_at <= $3
)
order by tile.place
