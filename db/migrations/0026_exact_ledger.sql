-- [D70] What has a fate keeps it. The table of allowed moves is core/delivery/ledger-states.ts; this trigger holds the log to it,
-- whatever program writes. Nothing looks at an insert, which is what sending does all the time.
create function keep_fates() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    -- A doubtful delivery that is sent once more waits in delivery_retries. Retention and erasure say what they are, for their
    -- own transaction: set_config('postroad.forgets', 'on', true).
    if old.outcome = 'in-doubt' or current_setting('postroad.forgets', true) = 'on' then return old; end if;
    raise exception 'delivery % has a fate, which is not deleted', old.delivery_id using errcode = 'integrity_constraint_violation';
  end if;
  if (new.mailing_id, new.contact_id, new.visit_id, new.delivery_id, new.at)
      is distinct from (old.mailing_id, old.contact_id, old.visit_id, old.delivery_id, old.at) then
    raise exception 'delivery % stays what it is', old.delivery_id using errcode = 'integrity_constraint_violation';
  end if;
  if old.outcome = 'in-doubt' and new.outcome <> 'in-doubt' then return new; end if;
  -- An address and an answer may be forgotten; nothing else changes.
  if (new.outcome, new.reason, new.smtp_code, new.enhanced, new.attempts, new.doubts, new.route_id)
      is not distinct from (old.outcome, old.reason, old.smtp_code, old.enhanced, old.attempts, old.doubts, old.route_id)
      and new.address in (old.address, '') and (new.reply is null or new.reply = old.reply) then
    return new;
  end if;
  raise exception 'delivery % is %, which does not become %', old.delivery_id, old.outcome, new.outcome
    using errcode = 'integrity_constraint_violation';
end $$;
create trigger delivery_log_keeps_fates before update or delete on delivery_log
  for each row execute function keep_fates();
