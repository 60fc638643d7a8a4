-- Finding contacts by the beginning of an address or name among a million, and an audit log that only grows.

create index contacts_search_email on contacts (email_key text_pattern_ops);
create index contacts_search_first_name on contacts (lower(first_name) text_pattern_ops);
create index contacts_search_last_name on contacts (lower(last_name) text_pattern_ops);

create trigger audit_log_only_grows before update or delete on audit_log
  for each row execute function refuse_change();
