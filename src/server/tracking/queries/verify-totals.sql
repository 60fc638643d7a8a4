-- Totals and hours that differ from their rows. One pass over the table for each of the two.
with counted_totals as (
  select mailing_id, kind, 0 as link_number, agent, count(*) as total, count(*) filter (where is_first_of_kind) as firsts
  from interactions where mailing_id is not null group by mailing_id, kind, agent
  union all
  select mailing_id, kind, link_number, agent, count(*), count(*) filter (where is_first)
  from interactions where mailing_id is not null and link_number > 0 group by mailing_id, kind, link_number, agent
),
counted_hours as (
  select mailing_id, kind, agent, date_trunc('hour', at, 'UTC') as hour,
         count(*) as total, count(*) filter (where is_first_of_kind) as firsts
  from interactions where mailing_id is not null group by 1, 2, 3, 4
)
select 'totals' as kept_in, mailing_id, kind, agent, link_number::text as place,
       kept.total as kept_total, counted.total as counted_total, kept.firsts as kept_firsts, counted.firsts as counted_firsts
from interaction_totals kept full join counted_totals counted using (mailing_id, kind, link_number, agent)
where (kept.total, kept.firsts) is distinct from (counted.total, counted.firsts)
union all
select 'hours', mailing_id, kind, agent, hour::text,
       kept.total, counted.total, kept.firsts, counted.firsts
from interaction_hours kept full join counted_hours counted using (mailing_id, kind, agent, hour)
where (kept.total, kept.firsts) is distinct from (counted.total, counted.firsts)
