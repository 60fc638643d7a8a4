-- [D30] What happened to each running mailing since its window began. Denominators come from kept totals, what is alarming from a
-- partial index: nothing here grows with what was accepted.
select mailing.id as mailing_id, (totals.tried - coalesce(breaker.tried, 0))::float8 as tried,
  coalesce(breaker.alarm, '') as alarm,
  (alarming.hard + bounced.hard)::float8 as hard_bounces, alarming.policy::float8 as policy_refusals,
  alarming.unmade::float8 as unmade, complained.total::float8 as complaints, alarming.in_doubt::float8 as in_doubt
from mailings mailing
  left join mailing_breakers breaker on breaker.mailing_id = mailing.id
  cross join lateral (
    select coalesce(sum(total) filter (where outcome in ('accepted', 'refused', 'given-up', 'in-doubt')), 0) as tried,
      coalesce(sum(total) filter (where outcome <> 'queued'), 0) as fates
    from mailing_totals where mailing_id = mailing.id
  ) totals
  cross join lateral (
    select count(*) filter (where outcome = 'refused' and reason = any($1::text[])) as hard,
      count(*) filter (where outcome = 'refused' and reason = any($2::text[])) as policy,
      count(*) filter (where outcome = 'skipped' and reason <> 'cancelled') as unmade,
      count(*) filter (where outcome = 'in-doubt' and at > now() - interval '5 minutes') as in_doubt
    from delivery_log
    where mailing_id = mailing.id and at > coalesce(breaker.since, '-infinity')
      and (outcome in ('refused', 'in-doubt') or (outcome = 'skipped' and attempts = 1))
  ) alarming
  cross join lateral (
    select count(*) as hard from bounces where mailing_id = mailing.id and is_hard and at > coalesce(breaker.since, '-infinity')
  ) bounced
  cross join lateral (
    select count(distinct delivery_id) as total from interactions
    where mailing_id = mailing.id and kind = 'complaint' and at > coalesce(breaker.since, '-infinity')
  ) complained
where mailing.state = 'running' and mailing.kind <> 'test' and totals.fates > 0
