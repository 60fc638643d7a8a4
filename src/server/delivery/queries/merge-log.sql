-- Adds fates to the log where a row may be there already, and moves the totals by what really changed. A row in doubt
-- gives way to what is known for sure; nothing else is ever replaced. Only used after a conflict and in recovery.
with given as (
  select * from jsonb_to_recordset($1::jsonb) as row(
    mailing_id bigint, contact_id bigint, visit_id bigint, delivery_id bigint, outcome text, reason text, smtp_code smallint,
    enhanced text, reply text, attempts smallint, doubts smallint, route_id bigint, address text)
), before as (
  select log.mailing_id, log.contact_id, log.visit_id, log.outcome
  from delivery_log log join given using (mailing_id, contact_id, visit_id)
), merged as (
  insert into delivery_log as log (mailing_id, contact_id, visit_id, delivery_id, outcome, reason, smtp_code, enhanced, reply,
                                   attempts, doubts, route_id, address)
  select mailing_id, contact_id, visit_id, delivery_id, outcome, reason, smtp_code, enhanced, reply, attempts, doubts, route_id, address
  from given
  on conflict (mailing_id, contact_id, visit_id) do update set
    outcome = excluded.outcome, reason = excluded.reason, smtp_code = excluded.smtp_code, enhanced = excluded.enhanced,
    reply = excluded.reply, attempts = excluded.attempts
  where log.outcome = 'in-doubt' and excluded.outcome <> 'in-doubt' and log.delivery_id = excluded.delivery_id
  returning mailing_id, contact_id, visit_id, outcome
), moved as (
  select mailing_id, outcome, 1 as change from merged
  union all
  select before.mailing_id, before.outcome, -1 from before join merged using (mailing_id, contact_id, visit_id)
)
insert into mailing_totals (mailing_id, outcome, total)
select mailing_id, outcome, sum(change) from moved group by mailing_id, outcome having sum(change) <> 0
order by mailing_id, outcome
on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total
