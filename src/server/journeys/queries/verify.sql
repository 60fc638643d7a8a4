-- Every live number that differs from the rows it counts. [J3] Empty: all are true.
-- A visit's own row stands for its last arrival, passages for all before. What a send tile passed was enqueued.
with counted as (
  select version_id, node_id, 'arrived' as exit, count(*) as total from (
    select version_id, node_id from journey_passages
    union all
    select version_id, node_id from journey_visits
  ) arrivals group by version_id, node_id
  union all
  select version_id, node_id, exit, count(*) from journey_passages group by version_id, node_id, exit
  union all
  select version_id, node_id, finish_reason, count(*) from journey_visits
  where finished_at is not null group by version_id, node_id, finish_reason
  union all
  select version.id, planned ->> 'id', exit, count(*)
  from journey_versions version
  cross join lateral jsonb_array_elements(version.plan -> 'steps') planned
  cross join unnest(array['arrived', 'next']) exit
  join journey_visits visit on visit.version_id = version.id
  where planned ->> 'kind' = 'segment-start'
  group by version.id, planned ->> 'id', exit
), enqueued as (
  select mailing.journey_version_id as version_id, mailing.node_id, sum(total) as total
  from mailings mailing join mailing_totals on mailing_totals.mailing_id = mailing.id and outcome = 'queued'
  where mailing.kind = 'journey' group by mailing.journey_version_id, mailing.node_id
), sent as (
  select version.id as version_id, planned ->> 'id' as node_id, count(passage.visit_id) as total
  from journey_versions version
  cross join lateral jsonb_array_elements(version.plan -> 'steps') planned
  left join journey_passages passage on passage.version_id = version.id and passage.node_id = planned ->> 'id'
  where planned ->> 'kind' = 'send'
  group by version.id, planned ->> 'id'
)
select version_id, node_id, exit, coalesce(kept.total, 0)::text as total, coalesce(counted.total, 0)::text as rows
from counted full join journey_node_totals kept using (version_id, node_id, exit)
where coalesce(kept.total, 0) <> coalesce(counted.total, 0)
union all
select version_id, node_id, 'enqueued', coalesce(enqueued.total, 0)::text, coalesce(sent.total, 0)::text
from sent full join enqueued using (version_id, node_id)
where coalesce(sent.total, 0) <> coalesce(enqueued.total, 0)
order by version_id, node_id, exit
