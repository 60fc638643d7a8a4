-- What is known of each hit, and the rules by which hits are judged, so that they can be judged again.
alter table interactions
  add column method   text,                     -- how it was asked for; null: GET
  add column prefetch text,                     -- the header by which the client said that nobody is looking yet
  add column rules    integer;                  -- the row of hit_rules that its verdict came from; null: before there was one

-- Until now these were kept in the evidence only, because no other rule could have spoken before theirs.
update interactions set method = substring(evidence from '^v1 method: (.+)$') where evidence like 'v1 method: %';
update interactions set prefetch = substring(evidence from '^v1 prefetch: (.+)$') where evidence like 'v1 prefetch: %';

-- [T50] The rules as they were set: the latest row holds, and none ever changes.
create table hit_rules (
  number             integer generated always as identity primary key,
  classifier_version integer not null,          -- core/tracking/classify-hit.ts
  networks           text[] not null default '{}', -- of scanners, in CIDR notation
  hidden_link        boolean not null default false, -- messages that go live carry a link that only machines follow
  actor_label        text not null,
  at                 timestamptz not null default now()
);
insert into hit_rules (classifier_version, actor_label) values (2, 'Postroad');
create trigger hit_rules_only_grow before update or delete on hit_rules
  for each row execute function refuse_change();

-- [T55] Judging what is stored again. A run goes through the hours for crowds, then through the deliveries.
create table hit_reviews (
  id             bigint generated always as identity primary key,
  rules          integer not null references hit_rules,
  since          timestamptz,                   -- null: everything
  state          text not null default 'running' check (state in ('running', 'finished', 'cancelled')),
  phase          text not null default 'crowds' check (phase in ('crowds', 'deliveries')),
  after_hour     timestamptz,                   -- hours up to this one were searched for crowds
  after_delivery bigint not null default 0,     -- deliveries up to this one were judged
  last_delivery  bigint not null,               -- the last that had a hit when the run began
  judged         bigint not null default 0,
  changed        bigint not null default 0,
  actor_label    text not null,
  started_at     timestamptz not null default now(),
  moved_at       timestamptz not null default now(),
  finished_at    timestamptz
);
create unique index hit_reviews_one_at_a_time on hit_reviews ((true)) where state = 'running';

-- Visitors that were with many recipients within a minute, for as long as the run that found them.
create table hit_crowds (
  ip         text not null,
  user_agent text not null,
  from_at    timestamptz not null,
  to_at      timestamptz not null,
  recipients integer not null
);
create index hit_crowds_visitor on hit_crowds (ip);
