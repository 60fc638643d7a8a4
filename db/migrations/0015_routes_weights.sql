-- Several routes that share mail, stand in for each other and have limits; mailings that take turns.

alter table routes
  add column weight                  integer not null default 0 check (weight between 0 and 1000), -- share of mail that names no route
  add column fall_back_id            bigint references routes,   -- carries its mail while it has been in trouble for long
  add column fall_back_after         integer not null default 120 check (fall_back_after between 0 and 86400), -- seconds
  add column messages_per_hour       integer check (messages_per_hour > 0),       -- null: no limit
  add column messages_per_day        integer check (messages_per_day > 0),
  add column messages_per_connection integer not null default 1000 check (messages_per_connection between 1 and 100000),
  add constraint routes_do_not_fall_back_on_themselves check (fall_back_id <> id);

-- [D20] How much of the shared mail a route has had, divided by its weight: the one that had least is next.
create table route_shares (
  route_id bigint primary key references routes on delete cascade,
  turn     float8 not null,
  taken_at timestamptz not null default clock_timestamp()
);

-- [D23] What left by a route with a limit, minute by minute, for all senders together.
create table route_usage (
  route_id bigint not null references routes on delete cascade,
  minute   timestamptz not null,
  sent     integer not null,
  primary key (route_id, minute)
);

-- [D22] When a mailing was last given a sender's time: among equals whoever waited longest is next.
create table mailing_turns (
  mailing_id bigint primary key references mailings on delete cascade,
  served_at  timestamptz not null
);

-- Which mailings have chunks to lease, the next chunk of each, and how many are in work: one index step each,
-- however many chunks there are.
create index delivery_chunks_open on delivery_chunks (mailing_id, available_at, id) where finished_at is null and lease_owner is null;
create index delivery_chunks_leased on delivery_chunks (mailing_id) where finished_at is null and lease_owner is not null;

-- The route it was tried by. Greylisting knows a sender by its address, so the next attempt leaves the same way.
alter table delivery_retries add column route_id bigint;
