-- The same for imports that leave known contacts as they are.
with taken as (
  insert into contacts (email, email_key, first_name, last_name, language, time_zone, country, city, attributes)
  select email, email_key, first_name, last_name, language, time_zone, country, city, attributes
  from import_rows order by email_key
  on conflict (email_key) do nothing
  returning 1
)
select count(*)::integer as created from taken
