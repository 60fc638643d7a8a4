-- Where links of live versions lead since they were sent. The latest row of a link is the one that holds; a null url is
-- an undo: the link leads where the message says again.
create table link_repairs (
  id bigint generated always as identity primary key,
  version_id bigint not null references message_versions (id),
  link_number integer not null,
  from_url text,
  to_url text,
  actor_label text not null,
  at timestamptz not null default now()
);

create index link_repairs_link on link_repairs (version_id, link_number, id desc);

create trigger link_repairs_only_grow before update or delete on link_repairs
  for each row execute function refuse_change();
