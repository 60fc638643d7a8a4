-- Finding contacts by the beginning of an address or name among a million, and an audit log that only grows.

-- Where text sorts by bytes, as in the embedded database, the unique index on email_key finds beginnings by itself; a
-- second one would only make each import slower. A database with a language's order needs one.
do $$ begin
  if not exists (
    select 1 from pg_database
    where datname = current_database() and (datcollate in ('C', 'POSIX') or to_jsonb(pg_database) ->> 'datlocprovider' = 'b')
  ) then
    create index contacts_search_email on contacts (email_key text_pattern_ops);
  end if;
end $$;
create index contacts_search_first_name on contacts (lower(first_name) text_pattern_ops);
create index contacts_search_last_name on contacts (lower(last_name) text_pattern_ops);

create trigger audit_log_only_grows before update or delete on audit_log
  for each row execute function refuse_change();
