-- Moves live numbers. Keys are locked in one order, so that engines that share a journey cannot deadlock. [J3]
insert into journey_node_totals (version_id, node_id, exit, total)
select $1, node_id, exit, sum(total)
from unnest($2::text[], $3::text[], $4::bigint[]) as delta(node_id, exit, total)
where total <> 0
group by node_id, exit order by node_id, exit
on conflict (version_id, node_id, exit) do update set total = journey_node_totals.total + excluded.total
