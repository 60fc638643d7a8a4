-- A journey is a graph that contacts travel; a visit is one contact's passage through it.

create table journeys (
  id              bigint generated always as identity primary key,
  name            text not null,
  graph           jsonb not null,               -- the draft: core/journeys/graph.ts
  settings        jsonb not null default '{}',  -- core/journeys/settings.ts: content settings, time zone, …
  revision        integer not null default 1,   -- rises with each save; a save names the one it edited
  state           text not null default 'draft' check (state in ('draft', 'live', 'paused', 'stopped', 'completed')),
  live_version_id bigint,
  state_reason    text,
  joined_at       timestamptz,                  -- up to when members of the start segment have been let in
  first_visit_id  bigint,                       -- of the live version: where its passages begin
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

-- [J1] A contact visits a journey at most once: the primary key is the guarantee, whatever runs twice.
--
-- The engine rewrites these rows at every tile, so each index costs as much as the row. There are two: by contact and
-- by what is due. No foreign keys on purpose: checked row by row they cost more than the insert and lock every contact.
-- Versions are never deleted; erased contacts are handled by the trigger below. Figures: docs/spec/journeys.md.
create table journey_visits (
  id            bigint generated always as identity,
  journey_id    bigint not null,
  version_id    bigint not null,
  contact_id    bigint not null,                -- negative: the contact was erased; the visit stays as a number
  node_id       text not null,                  -- the tile it stands at, or stood at last
  steps         integer not null default 0,     -- tiles passed so far
  entered_at    timestamptz not null,
  arrived_at    timestamptz not null,           -- at this tile
  due_at        timestamptz not null,           -- when this tile has something to do; 'infinity' once finished
  finished_at   timestamptz,
  finish_reason text check (finish_reason in ('end', 'stopped', 'erased')),
  primary key (contact_id, journey_id),
  check ((finished_at is null) = (finish_reason is null))
);
create index journey_visits_due on journey_visits (version_id, node_id, due_at);

-- [J2] Every tile passed, in order, once each: the record behind "why did Ana get this?".
create table journey_passages (
  visit_id   bigint not null,
  step       integer not null,                  -- 0-based: the visit's `steps` when it left
  version_id bigint not null,
  contact_id bigint not null,                   -- as in the visit
  node_id    text not null,
  exit       text not null check (exit in ('next', 'yes', 'no', 'timeout')),
  arrived_at timestamptz not null,
  left_at    timestamptz not null,
  primary key (visit_id, step)
);

-- [J3] Live numbers on tiles, moved in the transaction that moves the visits. `verify` proves them.
-- 'arrived' counts arrivals, each exit counts passages, 'end', 'stopped' and 'erased' count those who left here.
create table journey_node_totals (
  version_id bigint not null,
  node_id    text not null,
  exit       text not null,
  total      bigint not null,
  primary key (version_id, node_id, exit)
);

-- [J4] An erased contact leaves its journeys; what is counted stays counted, without a name.
-- The lock waits for entering under way, so that nobody enters after being erased (enter.sql takes it shared).
create function leave_journeys_when_erased() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('journeys.enter', 0));
  with erased as (
    select visit.id, visit.version_id, visit.node_id, visit.finished_at is null as was_inside
    from journey_visits visit join erased_contacts on erased_contacts.id = visit.contact_id
    for update of visit                         -- waits for a batch that moves it, and sees where it moved it to
  ), left_visits as (
    update journey_visits visit set
      contact_id = -visit.id, due_at = 'infinity', finished_at = coalesce(visit.finished_at, now()),
      finish_reason = coalesce(visit.finish_reason, 'erased')
    from erased where visit.id = erased.id
  ), left_passages as (
    update journey_passages passage set contact_id = -erased.id from erased where passage.visit_id = erased.id
  )
  insert into journey_node_totals (version_id, node_id, exit, total)
  select version_id, node_id, 'erased', count(*) from erased where was_inside
  group by version_id, node_id order by version_id, node_id
  on conflict (version_id, node_id, exit) do update set total = journey_node_totals.total + excluded.total;
  return null;
end $$;
create trigger contacts_leave_journeys after delete on contacts
  referencing old table as erased_contacts
  for each statement execute function leave_journeys_when_erased();
