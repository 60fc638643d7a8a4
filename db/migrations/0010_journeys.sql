-- A journey is a graph that contacts travel; a visit is one contact's passage through it.

create table journeys (
  id              bigint generated always as identity primary key,
  name            text not null,
  graph           jsonb not null,               -- the draft: core/journeys/graph.ts
  settings        jsonb not null default '{}',  -- core/journeys/settings.ts: content settings, time zone, …
  revision        integer not null default 1,
  state           text not null default 'draft' check (state in ('draft', 'live', 'paused', 'stopped', 'completed')),
  live_version_id bigint,
  state_reason    text,
  created_by      bigint references users,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  archived_at     timestamptz
);

create table journey_versions (
  id         bigint generated always as identity primary key,
  journey_id bigint not null references journeys,
  number     integer not null,
  graph      jsonb not null,
  settings   jsonb not null,
  plan       jsonb not null,                    -- core/journeys/plan.ts
  created_by bigint references users,
  created_at timestamptz not null default now(),
  unique (journey_id, number)
);
alter table journeys add foreign key (live_version_id) references journey_versions;
create trigger journey_versions_never_change before update or delete on journey_versions
  for each row execute function refuse_change();

-- [J1] At most one unfinished visit per contact and journey: the partial unique index is the guarantee.
create table journey_visits (
  id         bigint generated always as identity primary key,
  journey_id bigint not null references journeys,
  version_id bigint not null references journey_versions,
  contact_id bigint not null references contacts on delete cascade,
  node_id    text not null,
  arrived_at timestamptz not null,              -- at this tile
  due_at     timestamptz not null,              -- when this tile has something to do
  outcome    text,                              -- set by news: what a waiting trigger was given
  entered_at timestamptz not null default now(),
  finished_at timestamptz,
  finish_reason text
);
create unique index journey_visits_one_unfinished on journey_visits (journey_id, contact_id) where finished_at is null;
create index journey_visits_due on journey_visits (version_id, node_id, due_at) where finished_at is null;
create index journey_visits_contact on journey_visits (contact_id);

-- [J2] Every tile passed, once per visit and arrival: the record behind "why did Ana get this?".
create table journey_passages (
  visit_id   bigint not null,
  node_id    text not null,
  arrived_at timestamptz not null,
  version_id bigint not null,
  contact_id bigint not null,
  exit       text not null,                     -- 'next', 'yes', 'no', 'timeout', 'end'
  left_at    timestamptz not null,
  primary key (visit_id, node_id, arrived_at)
);
create index journey_passages_version on journey_passages (version_id, node_id, exit);

-- Live numbers on tiles, moved with the visits. `verify` proves them.
create table journey_node_totals (
  version_id bigint not null,
  node_id    text not null,
  exit       text not null,                     -- 'arrived' counts arrivals
  total      bigint not null,
  primary key (version_id, node_id, exit)
);
