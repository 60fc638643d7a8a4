-- Takes a batch over from the staging table: new addresses are added, known ones get what the file has and keep the rest.
-- Rows go in by address, so that two imports at the same time wait for each other in one order and do not deadlock, and
-- the unique index is filled in runs. A contact that would not change is not written, so that importing a file again
-- leaves no dead rows. Returns how many were new; the rest were known.
with taken as (
  insert into contacts as held (email, email_key, first_name, last_name, language, time_zone, country, city, attributes)
  select email, email_key, first_name, last_name, language, time_zone, country, city, attributes
  from import_rows order by email_key
  on conflict (email_key) do update set
    first_name = coalesce(excluded.first_name, held.first_name),
    last_name = coalesce(excluded.last_name, held.last_name),
    language = coalesce(excluded.language, held.language),
    time_zone = coalesce(excluded.time_zone, held.time_zone),
    country = coalesce(excluded.country, held.country),
    city = coalesce(excluded.city, held.city),
    attributes = held.attributes || excluded.attributes,
    updated_at = now()
  where (held.first_name, held.last_name, held.language, held.time_zone, held.country, held.city, held.attributes)
    is distinct from (
      coalesce(excluded.first_name, held.first_name), coalesce(excluded.last_name, held.last_name),
      coalesce(excluded.language, held.language), coalesce(excluded.time_zone, held.time_zone),
      coalesce(excluded.country, held.country), coalesce(excluded.city, held.city),
      held.attributes || excluded.attributes)
  returning xmax = 0 as is_new
)
select count(*) filter (where is_new)::integer as created from taken
