-- Closes deliveries that wait for another attempt, that no sender holds and that get none: their mailing was cancelled, or no time is left
-- because nobody was there to try [D15]. One that may have arrived before is in doubt, whatever becomes of it later [D71].
with gone as (
  delete from delivery_retries retry using mailings mailing
  where mailing.id = retry.mailing_id and retry.lease_owner is null and (mailing.state = 'cancelled' or retry.expires_at <= now())
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
