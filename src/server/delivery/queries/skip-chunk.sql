-- Closes one chunk that will not be sent: its mailing is cancelled, its time is over, or a person let what is late go [D72]. Every place without a fate is logged
-- as skipped, in one statement with the totals. Chunks that a sender holds are not touched.
with due as (
  select chunk.id, chunk.mailing_id, chunk.contact_ids, chunk.visit_ids, chunk.recipients,
    case when mailing.state = 'cancelled' then 'cancelled' when chunk.late = 'skip' then 'late' else 'expired' end as reason
  from delivery_chunks chunk join mailings mailing on mailing.id = chunk.mailing_id
  where chunk.finished_at is null and chunk.lease_owner is null
    and (mailing.state = 'cancelled' or chunk.expires_at <= now() or chunk.late = 'skip')
  order by chunk.id limit 1 for update of chunk skip locked
), skipped as (
  insert into delivery_log (mailing_id, contact_id, visit_id, delivery_id, outcome, reason, attempts, address)
  select due.mailing_id, one.contact_id, one.visit_id, due.id * 1024 + one.nth - 1, 'skipped',
         due.reason, 0,
         coalesce(due.recipients -> (one.nth - 1)::int ->> 'address', contacts.email, '')
  from due cross join unnest(due.contact_ids, due.visit_ids) with ordinality as one(contact_id, visit_id, nth)
    left join contacts on contacts.id = one.contact_id
  where not exists (select from delivery_retries where delivery_id = due.id * 1024 + one.nth - 1)
  on conflict (mailing_id, contact_id, visit_id) do nothing
  returning mailing_id
), counted as (
  insert into mailing_totals (mailing_id, outcome, total)
  select mailing_id, 'skipped', count(*) from skipped group by mailing_id
  on conflict (mailing_id, outcome) do update set total = mailing_totals.total + excluded.total
)
update delivery_chunks chunk set finished_at = now(), intended = chunk.size, returned = '{}' from due where chunk.id = due.id
returning chunk.id
