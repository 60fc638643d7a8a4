-- Text without regard to case, the same on every PostgreSQL from 15: Unicode's simple one-to-one mapping, as in
-- core/segments/fold-case.ts. From 17 on it is built in. ICU does the full mapping, which differs for two letters alone
-- (İ becomes two characters; Σ looks at its neighbours), so these go first. One expression in a function without any
-- settings is put in place by the planner: it costs no call, and the plan is the same as without it.
do $$ begin
  if exists (select from pg_collation where collname = 'pg_c_utf8' and collnamespace = 'pg_catalog'::regnamespace) then
    create function fold_case(value text) returns text language sql immutable parallel safe
      return lower(value collate "pg_c_utf8");
  else
    create function fold_case(value text) returns text language sql immutable parallel safe
      return lower(translate(value, 'İΣ', 'iσ') collate "und-x-icu");
  end if;
end $$;

-- What is made differently on different servers is marked, so that db/schema.sql is the same from all of them.
comment on function fold_case is 'depends on the server';
do $$ begin
  if to_regclass('contacts_search_email') is not null then
    comment on index contacts_search_email is 'depends on the server';
  end if;
end $$;
