-- Closes deliveries of cancelled mailings that wait for another attempt and that no sender holds. One that was sent again
-- although it may have arrived is in doubt, whatever is cancelled later.
with gone as (
  delete from delivery_retries retry using mailings mailing
  where mailing.id = retry.mailing_id and mailing.state = 'cancelled' and retry.lease_owner is null
  returning retry.*
), logged as (
  insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, reason, smtp_code, enhanced, reply, attempts,
                            doubts, address)
  select mailing_id, contact_id, visit_id, delivery_id, case when doubts > 0 then 'in-doubt' else 'skipped' end, 'cancelled',
         last_code, last_enhanced, last_reply, attempts, doubts, address
  from gone
  returning mailing_id, outcome
), counted as (
  insert into mailing_totals (mailing_id, outcome, total)
  select mailing_id, outcome, count(*) from logged group by mailing_id, outcome order by mailing_id, outcome
  on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total
)
select count(*) from logged
