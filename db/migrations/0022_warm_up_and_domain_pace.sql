-- [D24] A new route's mail grows day by day: {plan, ceilings, startsOn, pausedOn}. Null: no warm-up.
alter table routes add column warm_up jsonb;

-- [D25] How fast mail may go to receiving domains, by all routes and senders together.
create table domain_paces (
  name        text primary key,
  domains     text[] not null,
  messages    integer not null check (messages > 0),
  per_seconds integer not null check (per_seconds > 0), -- so many messages in so many seconds, evenly
  free_at     timestamptz not null default now()        -- from when on the next one may leave
);

-- The pace whose turn it waits for, uncharged; null: it was tried and put off.
alter table delivery_retries add column pace text;
create index delivery_retries_pace on delivery_retries (pace, next_at) where pace is not null;
