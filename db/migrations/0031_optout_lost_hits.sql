-- [T45] Opens and clicks that were answered and could not be kept, by the machine that took them, until somebody has seen it.
create table lost_hits (
  host     text primary key,
  hits     bigint not null,
  since    timestamptz not null default now(),
  until_at timestamptz not null default now()
);
