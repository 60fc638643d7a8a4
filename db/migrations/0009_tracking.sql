-- What recipients did, one row each, and the totals that insights read.

create table tracking_keys (
  kid        smallint primary key,              -- named in every token; old keys keep verifying
  secret_box bytea not null,                    -- sealed with the instance key
  created_at timestamptz not null default now()
);

create table interactions (
  id           bigint generated always as identity primary key,
  hit_id       uuid not null unique,            -- made where the hit was taken: exactly once, however often it is replayed
  kind         text not null,                   -- 'open','click','unsubscribe','forward','view','bounce','complaint','registered','registration-cancelled','form-submitted', custom 'x:…'
  contact_id   bigint not null,                 -- 0: a forwarded copy
  mailing_id   bigint,
  delivery_id  bigint,
  message_id   bigint,
  journey_id   bigint,
  link_number  integer,
  event_id     bigint,
  agent        text not null default 'human' check (agent in ('human', 'machine')),
  evidence     text,                            -- why it is believed to be a machine
  is_first     boolean not null default true,   -- first of its kind (and link) for this delivery and agent
  is_first_of_kind boolean not null default true, -- first of its kind, whichever link, for this delivery and agent
  ip           text,
  user_agent   text,
  data         jsonb,
  at           timestamptz not null,            -- when it happened
  recorded_at  timestamptz not null default clock_timestamp()
);
create index interactions_contact on interactions (contact_id, kind, at);
create index interactions_message on interactions (message_id, kind, at) include (contact_id) where message_id is not null;
create index interactions_mailing on interactions (mailing_id, kind, at) where mailing_id is not null;
create index interactions_delivery on interactions (delivery_id, kind) where delivery_id is not null;
create index interactions_event on interactions (event_id, kind) where event_id is not null;

-- Moved in the transaction that adds the rows; `verify` proves them.
create table interaction_totals (
  mailing_id  bigint not null,
  kind        text not null,
  link_number integer not null default 0,       -- 0: not a link, or all links together
  agent       text not null,
  total       bigint not null,
  firsts      bigint not null,                  -- how many deliveries did it at least once
  primary key (mailing_id, kind, link_number, agent)
);

-- The same by hour, for timelines and periods; link 0 only. `verify` proves these too.
create table interaction_hours (
  mailing_id bigint not null,
  kind       text not null,
  agent      text not null,
  hour       timestamptz not null,
  total      bigint not null,
  firsts     bigint not null,
  primary key (mailing_id, kind, agent, hour)
);
create index interaction_hours_hour on interaction_hours (hour);

-- Both only grow in order of time, so a block range index of a few pages is enough to cut out a period.
create index interactions_at on interactions using brin (at);
create index delivery_log_at on delivery_log using brin (at);

-- Why something was not delivered; accepted rows, which are nearly all, are not in it.
create index delivery_log_not_accepted on delivery_log (mailing_id, outcome, reason) where outcome <> 'accepted';
