-- Closes deliveries that wait for another attempt, that no sender holds and that get none: their mailing was cancelled, or no time is left
-- because nobody was there to try [D15]. One that may have arrived before is in doubt, whatever becomes of it later [D71].
-- Each reason by its own index: looked for together they would read all that waits, every two seconds.
with over as (
  select delivery_id from delivery_retries where lease_owner is null and expires_at <= now()
  union
  select retry.delivery_id from mailings mailing join delivery_retries retry on retry.mailing_id = mailing.id
  where mailing.state = 'cancelled' and retry.lease_owner is null
), gone as (
  delete from delivery_retries retry using over, mailings mailing
  where retry.delivery_id = over.delivery_id and mailing.id = retry.mailing_id and retry.lease_owner is null
  returning retry.*, mailing.state = 'cancelled' as is_cancelled
), logged as (
  insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, reason, smtp_code, enhanced, reply, attempts,
                            doubts, address)
  select mailing_id, contact_id, visit_id, delivery_id,
         case when doubts > 0 then 'in-doubt' when is_cancelled or attempts = 0 then 'skipped' else 'given-up' end,
         case when is_cancelled then 'cancelled' else 'expired' end, last_code, last_enhanced, last_reply, attempts, doubts, address
  from gone
  returning mailing_id, outcome
), counted as (
  insert into mailing_totals (mailing_id, outcome, total)
  select mailing_id, outcome, count(*) from logged group by mailing_id, outcome order by mailing_id, outcome
  on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total
)
select count(*) from logged
