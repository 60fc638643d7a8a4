-- Writes new verdicts over old ones, and in the same statement what follows: firsts, totals and hours. News is not made: what
-- journeys did, they did. $1: rows as JSON, of hits whose verdict or reason is another now. $2: the number of the rules.
--
-- The caller holds the lock of this table's totals. Firsts are found anew for the deliveries and kinds in which a verdict
-- moved, from all their rows; totals and hours move by the difference of those rows before and after.
with judged as materialized (
  select * from jsonb_to_recordset($1::jsonb) as judged(id bigint, agent text, evidence text)
),
moved as materialized (
  select distinct row.delivery_id, row.kind
  from judged join interactions row on row.id = judged.id
  where row.agent <> judged.agent
),
turned as materialized (
  select row.id, row.delivery_id, row.mailing_id, row.kind, row.link_number, row.at, row.hit_id,
         row.agent as old_agent, row.is_first as old_first, row.is_first_of_kind as old_first_of_kind,
         coalesce(judged.agent, row.agent) as agent
  from moved
  join interactions row on row.delivery_id = moved.delivery_id and row.kind = moved.kind
  left join judged on judged.id = row.id
),
ranked as materialized (
  select turned.*,
         row_number() over (partition by delivery_id, kind, agent, link_number order by at, hit_id) = 1 as is_first,
         row_number() over (partition by delivery_id, kind, agent order by at, hit_id) = 1 as is_first_of_kind
  from turned
),
written as (
  update interactions row
  set agent = coalesce(ranked.agent, row.agent),
      is_first = coalesce(ranked.is_first, row.is_first),
      is_first_of_kind = coalesce(ranked.is_first_of_kind, row.is_first_of_kind),
      evidence = case when judged.id is null then row.evidence else judged.evidence end,
      rules = case when judged.id is null then row.rules else $2 end
  from ranked full join judged on judged.id = ranked.id
  where row.id = coalesce(ranked.id, judged.id)
    and (judged.id is not null
         or (row.is_first, row.is_first_of_kind) is distinct from (ranked.is_first, ranked.is_first_of_kind))
  returning 1
),
by_link as (
  select mailing_id, kind, 0 as link_number, old_agent as agent, -1 as total, -old_first_of_kind::integer as firsts from ranked
  union all
  select mailing_id, kind, 0, agent, 1, is_first_of_kind::integer from ranked
  union all
  select mailing_id, kind, link_number, old_agent, -1, -old_first::integer from ranked where link_number > 0
  union all
  select mailing_id, kind, link_number, agent, 1, is_first::integer from ranked where link_number > 0
),
moved_totals as (
  insert into interaction_totals (mailing_id, kind, link_number, agent, total, firsts)
  select mailing_id, kind, link_number, agent, sum(total), sum(firsts)
  from by_link where mailing_id is not null
  group by mailing_id, kind, link_number, agent
  having sum(total) <> 0 or sum(firsts) <> 0
  on conflict (mailing_id, kind, link_number, agent)
  do update set total = interaction_totals.total + excluded.total,
                firsts = interaction_totals.firsts + excluded.firsts
),
by_hour as (
  select mailing_id, kind, old_agent as agent, date_trunc('hour', at, 'UTC') as hour, -1 as total,
         -old_first_of_kind::integer as firsts
  from ranked
  union all
  select mailing_id, kind, agent, date_trunc('hour', at, 'UTC'), 1, is_first_of_kind::integer from ranked
),
moved_hours as (
  insert into interaction_hours (mailing_id, kind, agent, hour, total, firsts)
  select mailing_id, kind, agent, hour, sum(total), sum(firsts)
  from by_hour where mailing_id is not null
  group by mailing_id, kind, agent, hour
  having sum(total) <> 0 or sum(firsts) <> 0
  on conflict (mailing_id, kind, agent, hour)
  do update set total = interaction_hours.total + excluded.total,
                firsts = interaction_hours.firsts + excluded.firsts
)
select count(*)::integer as changed, array_agg(distinct mailing_id) filter (where mailing_id is not null) as "mailingIds"
from ranked where agent <> old_agent
