-- Work that survives a crash, and facts that later domains want to hear of.

-- A job is claimed with `for update skip locked`, leased by the database clock and repeated after a crash.
create table jobs (
  id          bigint generated always as identity primary key,
  kind        text not null,                    -- 'contacts.import'
  payload     jsonb not null default '{}',
  run_at      timestamptz not null default now(),
  attempts    integer not null default 0,
  lease_until timestamptz,
  last_error  text,
  created_at  timestamptz not null default now()
);
create index jobs_due on jobs (run_at);

-- A fact in the past tense, written in the transaction that made it true. Each subscriber has its own queue
-- row, deleted in the transaction that acts on it: at least once, and exactly once for effects in this database.
create table news (
  id         bigint generated always as identity primary key,
  subscriber text not null,                     -- 'journeys'
  kind       text not null,                     -- 'contact.registered'
  payload    jsonb not null,
  at         timestamptz not null default now()
);
create index news_queue on news (subscriber, id);
